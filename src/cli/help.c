/* The printer behind help.h. */
#include "help.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_COLUMN = 30, ENTRY_COLUMN = 22, LAST_COLUMN = 98 };

/* Text from a column on, broken between words. `at` is where the line stands. */
static void print_text(int at, int column, const char *text)
{
    if (at + 2 > column) {
        putchar('\n');
        at = 0;
    }
    printf("%*s", column - at, "");
    at = column;
    while (*text) {
        const int word = (int)strcspn(text, " ");
        if (at > column && at + 1 + word > LAST_COLUMN) {
            printf("\n%*s", column, "");
            at = column;
        } else if (at > column) {
            putchar(' ');
            at++;
        }
        at += printf("%.*s", word, text);
        text += word;
        text += *text == ' ';
    }
    putchar('\n');
}

void help_row(char letter, const char *name, const char *value, const char *text)
{
    int at = letter ? printf("  -%c, ", letter) : printf("      ");

    at += printf("--%s", name);
    if (value) at += printf(" %s", value);
    print_text(at, TEXT_COLUMN, text);
}

void help_entry(const char *name, const char *text)
{
    print_text(printf("  %s", name), ENTRY_COLUMN, text);
}
