/* A queue of slots, first in, first out: a ring with room for each slot once. */
#ifndef KITH_LOCAL_QUEUE_H
#define KITH_LOCAL_QUEUE_H

#include "core/base.h"

typedef struct kith_i_queue {
    uint32_t *ring;
    int64_t   room, head, length;
} kith_i_queue;

/** Room for `room` slots; those that wait stay in their order. */
static inline kith_status kith_i_queue_reserve(kith_i_queue *q, int64_t room, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *ring = NULL;

    if (room <= q->room) return KITH_OK;
    KITH_TRY(kith_i_alloc(&ring, room, sizeof *ring, err));
    for (int64_t i = 0; i < q->length; i++) ring[i] = q->ring[(q->head + i) % q->room];
    kith_i_free(q->ring);
    *q = (kith_i_queue){ .ring = ring, .room = room, .length = q->length };

done:
    return status;
}

static inline void kith_i_queue_push(kith_i_queue *q, uint32_t slot)
{
    const int64_t at = q->head + q->length++;

    q->ring[at < q->room ? at : at - q->room] = slot;
}

static inline uint32_t kith_i_queue_pop(kith_i_queue *q)
{
    const uint32_t slot = q->ring[q->head];

    if (++q->head == q->room) q->head = 0;
    q->length--;
    return slot;
}

#endif
