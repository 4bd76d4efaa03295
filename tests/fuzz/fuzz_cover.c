/* Communities. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kith_cover *cover;
    kith_error err = { 0 };
    const kith_status status = kith_cover_read(fuzz_file(data, size), NULL, &cover, &err);

    fuzz_assert(status, cover, &err);
    kith_cover_free(cover);
    return 0;
}
