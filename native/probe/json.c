/* A small JSON writer: it holds no tree, only whether the next value needs a comma. */
#include <errno.h>
#include <stdio.h>
#include "json.h"

static bool needs_comma;

static void begin(const char *key)
{
	if (needs_comma)
		putchar(',');
	needs_comma = true;
	if (key)
		printf("\"%s\":", key);
}

void json_open(const char *key, char bracket)
{
	begin(key);
	putchar(bracket);
	needs_comma = false;
}

void json_close(char bracket)
{
	putchar(bracket);
	needs_comma = true;
}

void json_bytes(const char *key, const char *bytes, uint64_t length)
{
	begin(key);
	putchar('"');
	for (uint64_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

void json_text(const char *key, const char *text)
{
	uint64_t length = 0;

	while (text[length])
		length++;
	json_bytes(key, text, length);
}

void json_number(const char *key, int64_t number)
{
	begin(key);
	printf("%lld", (long long)number);
}

void json_flag(const char *key, bool flag)
{
	begin(key);
	fputs(flag ? "true" : "false", stdout);
}

void json_outcome(const char *key, int64_t result)
{
	int error = errno;

	json_open(key, '{');
	json_number("result", result);
	if (result < 0)
		json_number("errno", error);
	json_close('}');
}

void json_flush(void)
{
	fflush(stdout);
}
