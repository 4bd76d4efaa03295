/* Kith: find the communities in a graph. Everything in one include.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KITH_KITH_H
#define KITH_KITH_H

#include "kith/attributes.h"
#include "kith/cluster.h"
#include "kith/core.h"
#include "kith/cover.h"
#include "kith/embedding.h"
#include "kith/eval.h"
#include "kith/generate.h"
#include "kith/graph.h"
#include "kith/io.h"
#include "kith/ncp.h"
#include "kith/objective.h"
#include "kith/options.h"
#include "kith/partition.h"
#include "kith/registry.h"
#include "kith/similarity.h"

#include "kith/algorithms.h" /* one include per row of the table, written by the build */

#endif
