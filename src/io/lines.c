/* Blocks of whole lines. */
#include "io/lines.h"

#include "io/text.h"

#include <errno.h>
#include <time.h>

enum {
    MAX_LINE = 1 << 28, /* bytes of a line that is not mapped */
    WAIT = 50           /* milliseconds between two polls while the other thread works */
};

int64_t kith_i_count_lines(const char *at, const char *end)
{
    int64_t count = end > at && end[-1] != '\n';

    while (at < end) {
        const int64_t piece = end - at < 255 * 32 ? end - at : 255 * 32;
        uint8_t lanes[32] = { 0 }; /* counters of a byte, summed before they run over */
        int64_t i = 0;

        for (; i + 32 <= piece; i += 32)
            for (int lane = 0; lane < 32; lane++)
                lanes[lane] = (uint8_t)(lanes[lane] + (at[i + lane] == '\n'));
        for (; i < piece; i++) count += at[i] == '\n';
        for (int lane = 0; lane < 32; lane++) count += lanes[lane];
        at += piece;
    }
    return count;
}

/* ---- Filling chunks: the decompressing thread, or the only one ---- */

/* Whether the other side asks to stop; without one, polls. */
static kith_status check(kith_i_lines *l, kith_error *err)
{
    bool stop;

    if (!l->threaded) {
        const double fraction = kith_i_input_fraction(l->input);
        return kith_i_poll_check(l->input->poll, "reading", fraction, err);
    }
    pthread_mutex_lock(&l->lock);
    stop = l->stop;
    pthread_mutex_unlock(&l->lock);
    return stop ? KITH_E_CANCELLED : KITH_OK;
}

/* Room for more of a line that has not ended yet. */
static kith_status make_room(kith_i_chunk *chunk, int64_t size, kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t wanted = KITH_I_BLOCK + KITH_I_PADDING;

    if (size + KITH_I_PADDING < chunk->capacity) return KITH_OK;
    while (wanted <= size + KITH_I_PADDING) wanted *= 2;
    KITH_TRY(kith_i_resize(&chunk->bytes, wanted, 1, err));
    chunk->capacity = wanted;

done:
    return status;
}

/* Begins with the unfinished line of the chunk before; ends behind a newline when there is enough.
 * */
static kith_status fill(kith_i_lines *l, kith_i_chunk *chunk, const kith_i_chunk *before,
                        kith_error *err)
{
    kith_status status = KITH_OK;
    int64_t size = before->rest, searched = 0, got;

    chunk->whole = 0;
    KITH_TRY(make_room(chunk, size, err));
    if (size) memcpy(chunk->bytes, before->bytes + before->whole, (size_t)size);
    chunk->last = chunk->too_long = false;
    while (!chunk->last && !chunk->whole && !chunk->too_long) {
        KITH_TRY(check(l, err));
        KITH_TRY(make_room(chunk, size, err));
        KITH_TRY(kith_i_input_read(l->input, chunk->bytes + size,
                                   chunk->capacity - KITH_I_PADDING - size, &got, &chunk->last,
                                   err));
        size += got;
        if (chunk->last) {
            chunk->whole = size;
            memset(chunk->bytes + size, 0, KITH_I_PADDING);
        } else if (size - searched >= KITH_I_BLOCK / 2) {
            const uint8_t *newline =
                memrchr(chunk->bytes + searched, '\n', (size_t)(size - searched));
            if (newline) chunk->whole = newline + 1 - chunk->bytes;
            searched = size;
        }
        chunk->too_long = !chunk->whole && size > MAX_LINE;
    }
    chunk->rest = size - chunk->whole;
    chunk->fraction = kith_i_input_fraction(l->input);

done:
    return status;
}

/* Fills the next chunk, which is free, and tells. */
static void produce(kith_i_lines *l)
{
    static const kith_i_chunk none = { 0 };
    kith_error failed = { 0 };
    kith_i_chunk *chunk = &l->ring[l->filled % KITH_I_RING];
    const kith_i_chunk *before = l->filled ? &l->ring[(l->filled - 1) % KITH_I_RING] : &none;
    const kith_status status = fill(l, chunk, before, &failed);

    if (l->threaded) pthread_mutex_lock(&l->lock);
    if (status == KITH_OK) {
        l->filled++;
    } else {
        l->status = status;
        l->failed = failed;
    }
    if (l->threaded) {
        pthread_cond_broadcast(&l->changed);
        pthread_mutex_unlock(&l->lock);
    }
}

/* The decompressing thread stays KITH_I_RING - 1 chunks ahead: the one in use stays as it is. */
static void *produce_all(void *argument)
{
    kith_i_lines *l = argument;
    bool done = false;

    while (!done) {
        pthread_mutex_lock(&l->lock);
        while (!l->stop && l->filled - l->taken >= KITH_I_RING - 1)
            pthread_cond_wait(&l->changed, &l->lock);
        done = l->stop;
        pthread_mutex_unlock(&l->lock);
        if (!done) produce(l);
        done = done || l->status != KITH_OK || l->ring[(l->filled - 1) % KITH_I_RING].last ||
               l->ring[(l->filled - 1) % KITH_I_RING].too_long;
    }
    return NULL;
}

/* ---- Taking them ---- */

/* Waits until the thread has the next chunk ready. */
static kith_status wait_for_chunk(kith_i_lines *l, double fraction, kith_error *err)
{
    kith_status status = KITH_OK;

    pthread_mutex_lock(&l->lock);
    while (status == KITH_OK && l->filled == l->taken && l->status == KITH_OK) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WAIT * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&l->changed, &l->lock, &until);
        status = kith_i_poll_check(l->input->poll, "reading", fraction, err);
    }
    if (status == KITH_OK && l->filled == l->taken)
        status = kith_i_fail(err, l->status, "%s", l->failed.message);
    pthread_mutex_unlock(&l->lock);
    return status;
}

static kith_status next_chunk(kith_i_lines *l, double fraction, kith_error *err)
{
    if (l->threaded) return wait_for_chunk(l, fraction, err);
    produce(l);
    return l->status == KITH_OK ? KITH_OK : kith_i_fail(err, l->status, "%s", l->failed.message);
}

/* Makes the next chunk the lines at hand; there are none behind the last. */
static kith_status refill(kith_i_lines *l, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_i_chunk *chunk = l->taken ? &l->ring[(l->taken - 1) % KITH_I_RING] : NULL;

    if (l->mapped || (chunk && chunk->last)) return KITH_OK;
    KITH_TRY(next_chunk(l, chunk ? chunk->fraction : -1, err));
    chunk = &l->ring[l->taken % KITH_I_RING];
    if (chunk->too_long)
        return kith_i_text_fail(l->input->name, l->left.line, err,
                                "the line is too long (expected at most %d bytes)", MAX_LINE);
    l->left.at = (const char *)chunk->bytes;
    l->left.end = (const char *)chunk->bytes + chunk->whole;
    l->bytes += chunk->whole;
    if (l->threaded) pthread_mutex_lock(&l->lock);
    l->taken++;
    if (l->threaded) {
        pthread_cond_broadcast(&l->changed);
        pthread_mutex_unlock(&l->lock);
    }

done:
    return status;
}

/* How far the lines at hand reach into the file. */
static double fraction_of(const kith_i_lines *l)
{
    if (!l->mapped) return l->taken ? l->ring[(l->taken - 1) % KITH_I_RING].fraction : -1;
    return l->bytes ? 1 - (double)(l->left.end - l->left.at) / (double)l->bytes : 1;
}

kith_status kith_i_lines_peek(kith_i_lines *l, kith_i_block *block, kith_error *err)
{
    kith_status status = KITH_OK;

    if (l->left.at == l->left.end) KITH_TRY(refill(l, err));
    *block = l->left;

done:
    return status;
}

kith_status kith_i_lines_one(kith_i_lines *l, kith_i_block *line, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_lines_peek(l, line, err));
    line->end = kith_i_next_line(line->at, line->end);
    l->left.at = line->end;
    l->left.line += line->at < line->end;

done:
    return status;
}

kith_status kith_i_lines_next(kith_i_lines *l, kith_i_block *block, kith_error *err)
{
    kith_status status = KITH_OK;

    KITH_TRY(kith_i_poll_check(l->input->poll, "reading", fraction_of(l), err));
    KITH_TRY(kith_i_lines_peek(l, block, err));
    if (block->end - block->at > KITH_I_BLOCK)
        block->end = kith_i_next_line(block->at + KITH_I_BLOCK - 1, block->end);
    l->left.at = block->end;
    l->left.line += kith_i_count_lines(block->at, block->end);

done:
    return status;
}

/* ---- Opening and closing ---- */

kith_status kith_i_lines_open(kith_i_lines *l, kith_i_input *input, int threads, kith_error *err)
{
    const char *at = (const char *)input->file.at;

    (void)err;
    *l = (kith_i_lines){ .input = input };
    l->left.line = 1;
    l->mapped = at && input->codec == KITH_I_PLAIN;
    if (l->mapped) {
        l->left.at = at;
        l->left.end = at + input->file.size;
        l->bytes = input->file.size;
        return KITH_OK;
    }
    if (threads < 2) return KITH_OK;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    l->threaded = true;
    if (pthread_create(&l->thread, NULL, produce_all, l)) { /* then this thread does it all */
        l->threaded = false;
        pthread_cond_destroy(&l->changed);
        pthread_mutex_destroy(&l->lock);
    }
    return KITH_OK;
}

void kith_i_lines_close(kith_i_lines *l)
{
    if (l->threaded) {
        pthread_mutex_lock(&l->lock);
        l->stop = true;
        pthread_cond_broadcast(&l->changed);
        pthread_mutex_unlock(&l->lock);
        pthread_join(l->thread, NULL);
        pthread_cond_destroy(&l->changed);
        pthread_mutex_destroy(&l->lock);
    }
    for (int i = 0; i < KITH_I_RING; i++) kith_i_free(l->ring[i].bytes);
    *l = (kith_i_lines){ 0 };
}
