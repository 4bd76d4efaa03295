#include "support/files.h"

#include <dirent.h>
#include <unistd.h>

int test_folder_make(void **state)
{
    const char *base = getenv("TMPDIR");
    char path[1024];

    snprintf(path, sizeof path, "%s/kith-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(path)) return -1;
    *state = strdup(path);
    return 0;
}

int test_folder_remove(void **state)
{
    DIR *folder = opendir(*state);
    struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        char *path = test_path_in(*state, entry->d_name);
        unlink(path); /* fails for "." and ".." */
        free(path);
    }
    if (folder) closedir(folder);
    const int failed = rmdir(*state);
    free(*state);
    return failed;
}

char *test_path_in(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);

    sprintf(path, "%s/%s", folder, name);
    return path;
}

char *test_file(const char *folder, const char *name, const char *text)
{
    return test_file_of(folder, name, text, strlen(text));
}

char *test_file_of(const char *folder, const char *name, const void *bytes, size_t size)
{
    char *path = test_path_in(folder, name);
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

int test_count_files(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;

    assert_non_null(entries);
    while (readdir(entries)) count++;
    closedir(entries);
    return count - 2; /* "." and ".." */
}

/* Everything that comes from a stream. */
static char *drain(FILE *file)
{
    size_t size = 0, capacity = 1 << 16;
    char  *text = malloc(capacity + 1);

    for (;;) {
        const size_t got = fread(text + size, 1, capacity - size, file);
        size += got;
        if (!got) break;
        if (size == capacity) text = realloc(text, (capacity *= 2) + 1);
    }
    text[size] = '\0';
    return text;
}

char *test_unpack(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *program = dot && !strcmp(dot, ".gz")    ? "gzip -dc"
                          : dot && !strcmp(dot, ".zst") ? "zstd -dcq"
                                                        : "cat";
    char command[1200];
    FILE *pipe;
    char *text;

    snprintf(command, sizeof command, "%s '%s'", program, path);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    text = drain(pipe);
    assert_int_equal(pclose(pipe), 0);
    return text;
}

void test_assert_contents(const char *path, const char *text)
{
    FILE *file = fopen(path, "rb");
    char *contents;

    assert_non_null(file);
    contents = drain(file);
    fclose(file);
    assert_string_equal(contents, text);
    free(contents);
}
