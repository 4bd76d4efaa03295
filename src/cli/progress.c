/* Progress on standard error, and Ctrl-C. */
#include "progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WIPE "\r\033[K"

enum { STAGE = 64 };

static const double DELAY = 0.3; /* a call shorter than that needs no progress */

static volatile sig_atomic_t caught, held, drawn;
static bool terminal, shown;
static char stage[STAGE]; /* that was last written, where lines stay */

static void put(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0) return; /* nobody is left to be told */
}

static void on_signal(int number)
{
    caught = number;
    if (held) return;
    if (drawn) put(WIPE);
    put("kith: interrupted\n");
    _exit(128 + number);
}

void progress_hold(void)
{
    held = true;
}

void progress_release(void)
{
    held = false;
}

void progress_catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND }, before;
    static const int signals[] = { SIGINT, SIGTERM };

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL); /* as nohup and & ask */
    }
}

int progress_signal(void)
{
    return caught;
}

void progress_show(bool forced, bool quiet)
{
    terminal = isatty(STDERR_FILENO);
    shown = !quiet && (forced || terminal);
}

/* One line that is written over. */
static void draw(const kith_progress *p)
{
    if (p->seconds < DELAY) return;
    if (p->fraction >= 0)
        fprintf(stderr, WIPE "%s: %.0f %%, %.1f s", p->stage, 100 * p->fraction, p->seconds);
    else
        fprintf(stderr, WIPE "%s: %.1f s", p->stage, p->seconds);
    fflush(stderr);
    drawn = true;
}

/* Into a file: a line for every stage. */
static void list(const kith_progress *p)
{
    if (!strncmp(stage, p->stage, STAGE - 1)) return;
    snprintf(stage, sizeof stage, "%s", p->stage);
    fprintf(stderr, "%s: %.1f s\n", stage, p->seconds);
}

int progress_report(const kith_progress *progress, void *payload)
{
    (void)payload;
    if (shown && terminal) draw(progress);
    else if (shown) list(progress);
    return caught != 0;
}

void progress_erase(void)
{
    if (drawn) fputs(WIPE, stderr);
    drawn = false;
}
