/* Kith: status and error text, run options, progress, library start-up.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_CORE_H
#define KITH_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define KITH_API __attribute__((visibility("default")))
#else
#define KITH_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What a call came to. Zero is success; every error is negative. */
typedef enum kith_status {
    KITH_OK = 0,
    KITH_E_ARGUMENT = -1,    /* an argument or option lies outside its range */
    KITH_E_INPUT = -2,       /* a file or an array does not hold what it must */
    KITH_E_IO = -3,          /* the operating system would not read or write */
    KITH_E_MEMORY = -4,      /* memory is, or would be, exhausted */
    KITH_E_CANCELLED = -5,   /* the progress callback asked to stop */
    KITH_E_TIME = -6,        /* the time limit passed before there was any result */
    KITH_E_UNSUPPORTED = -7, /* this build or this graph cannot do that */
    KITH_E_INTERNAL = -8     /* a dependency failed in a way it should not */
} kith_status;

/** Why a call failed: one line, without a final full stop or newline. The size is fixed, so that it
 *  can be filled when memory is gone. Every function takes NULL for it. */
typedef struct kith_error {
    kith_status status;
    char        message[508];
} kith_error;

/** How far a call has come. */
typedef struct kith_progress {
    const char *stage;    /* what is being done, a few words; valid during the callback */
    double      fraction; /* of this stage, 0 to 1; negative when it cannot be known */
    double      seconds;  /* since the call began */
} kith_progress;

/** Receives progress on the calling thread. Return non-zero to cancel: the call then returns
 *  KITH_E_CANCELLED within 100 ms and leaves nothing behind. */
typedef int (*kith_progress_fn)(const kith_progress *progress, void *payload);

/** What every call that takes time is given: the first member of its options struct, or by itself
 *  (NULL: defaults), between what the call reads and what it writes. Such a call returns
 *  KITH_E_ARGUMENT for a bad run, KITH_E_CANCELLED when the callback asks to stop and KITH_E_TIME
 *  when the limit passes before there is a result. */
typedef struct kith_run {
    size_t           size;       /* of the options struct; set by its _INIT */
    uint64_t         seed;       /* any value; the same seed gives the same result */
    int64_t          threads;    /* 0: all that the machine offers. Never changes a result */
    double           time_limit; /* seconds; 0: none. When it passes, the best so far is returned */
    double           interval;   /* least seconds between two progress calls; 0: at every poll */
    kith_progress_fn progress;   /* NULL: none */
    void            *payload;    /* handed to progress */
} kith_run;

/** type: the options struct that begins with the run, or kith_run. */
#define KITH_RUN_INIT(type) { .size = sizeof(type), .interval = 0.05 }

/** A list of node ids; borrowed. */
typedef struct kith_nodes {
    const int64_t *ids;
    int64_t        count;
} kith_nodes;

/** Starts what Kith stands on (GraphBLAS), unless the host already has. Every function that needs
 * it calls it; a host calls it first only to choose the moment. Safe from any thread, any number of
 *  times. There is no counterpart: GraphBLAS cannot be started twice in one process.
 *
 *  returns  KITH_OK, KITH_E_MEMORY, KITH_E_INTERNAL
 */
KITH_API kith_status kith_init(kith_error *err);

/** The version of the library at run time, "major.minor.patch". */
KITH_API const char *kith_version(void);

/** A few words for a status, for instance "out of memory". Never NULL. */
KITH_API const char *kith_status_text(kith_status status);

#ifdef __cplusplus
}
#endif

#endif
