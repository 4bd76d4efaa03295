/* Embeddings as files. */
#include "kith/io.h"

#include "core/option.h"
#include "graph/embedding.h"
#include "io/npy.h"
#include "io/output.h"

kith_status kith_embedding_write(const char *path, const kith_embedding *embedding,
                                 const kith_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_output *output = NULL;
    kith_i_poll poll;
    kith_run own;

    KITH_CHECK(path && embedding, KITH_E_ARGUMENT, "path and embedding must not be NULL");
    KITH_TRY(kith_i_run_start(run, &own, &poll, err));
    const kith_i_npy_source source = { .descr = "<f8",
                                       .width = 8,
                                       .count = embedding->nodes * embedding->dimensions,
                                       .rows = embedding->nodes,
                                       .data = embedding->values };
    KITH_TRY(kith_i_output_open(path, &poll, &output, err));
    KITH_TRY(kith_i_npy_write_file(output, &source, err));
    status = kith_output_commit(output, err);
    output = NULL;

done:
    kith_output_abandon(output);
    return status;
}
