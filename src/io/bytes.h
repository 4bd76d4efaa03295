/* Little-endian numbers in byte buffers. */
#ifndef KITH_IO_BYTES_H
#define KITH_IO_BYTES_H

#include <stdint.h>

static inline uint64_t kith_i_get(const uint8_t *at, int width)
{
    uint64_t value = 0;

    for (int i = 0; i < width; i++) value |= (uint64_t)at[i] << (8 * i);
    return value;
}

/** Writes the number and returns the place after it. */
static inline uint8_t *kith_i_put(uint8_t *at, int width, uint64_t value)
{
    for (int i = 0; i < width; i++) at[i] = (uint8_t)(value >> (8 * i));
    return at + width;
}

#endif
