/* How every reader of a graph or a matrix begins and ends. */
#ifndef KITH_IO_READING_H
#define KITH_IO_READING_H

#include "io/input.h"

typedef struct kith_i_reading {
    kith_read_options options;
    kith_i_poll       poll;
    kith_i_input      input;
    kith_format       format; /* what was asked for, else what the input looks like */
} kith_i_reading;

/** Reads the caller's options and opens the file. Close it after success. `reading` stays where it
 *  is: the input points to its poll. */
kith_status kith_i_reading_open(kith_i_reading *reading, const char *path,
                                const kith_read_options *options, kith_error *err);
void        kith_i_reading_close(kith_i_reading *reading);

#endif
