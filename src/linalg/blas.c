/* OpenBLAS's number of threads, which is one for the whole process. Another BLAS may be in its
 * place, so its functions are looked up, not linked. */
#include "linalg/blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int (*get_threads)(void);
static void (*set_threads)(int);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static int inside, before;

static void look_up(void)
{
    void *const get = dlsym(RTLD_DEFAULT, "openblas_get_num_threads");
    void *const set = dlsym(RTLD_DEFAULT, "openblas_set_num_threads");

    if (!get || !set) return;
    memcpy(&get_threads, &get, sizeof get);
    memcpy(&set_threads, &set, sizeof set);
}

void kith_i_blas_begin(void)
{
    pthread_once(&once, look_up);
    if (!set_threads) return;
    pthread_mutex_lock(&lock);
    if (inside++ == 0) {
        before = get_threads();
        set_threads(1);
    }
    pthread_mutex_unlock(&lock);
}

void kith_i_blas_end(void)
{
    if (!set_threads) return;
    pthread_mutex_lock(&lock);
    if (--inside == 0) set_threads(before);
    pthread_mutex_unlock(&lock);
}
