/* What every source file of Kith includes: the three control macros and the core services. */
#ifndef KITH_CORE_BASE_H
#define KITH_CORE_BASE_H

#include "kith/core.h"

#include "core/error.h"
#include "core/memory.h"
#include "core/option.h"
#include "core/parallel.h"
#include "core/poll.h"
#include "core/random.h"
#include "core/sort.h"
#include "core/sum.h"

#endif
