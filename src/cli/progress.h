/* Progress on standard error, and Ctrl-C. */
#ifndef KITH_CLI_PROGRESS_H
#define KITH_CLI_PROGRESS_H

#include "cli.h"

/** From here on SIGINT and SIGTERM end the process with exit code 128 + signal; but while
 *  progress_hold() holds them, the first one is a wish that the next progress_report() passes on,
 *  and the second one kills. */
void progress_catch_signals(void);
void progress_hold(void);
void progress_release(void);

/** The signal that came, or 0. */
int progress_signal(void);

/** Whether to show it: on a terminal, always when forced, never when quiet. */
void progress_show(bool forced, bool quiet);

/** The callback for kith_run.progress. */
int progress_report(const kith_progress *progress, void *payload);

/** Wipes the line before anything else is printed. */
void progress_erase(void);

#endif
