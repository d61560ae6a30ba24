/* Bytes to strings: see engine.h. */
#include "engine.h"

#include <string.h>

/* How many bytes the character at `at` has; 0 where none begins, and `skip` is what one U+FFFD
 * stands for there: https://encoding.spec.whatwg.org/#utf-8-decoder */
static size_t character(const uint8_t *at, size_t left, size_t *skip)
{
	uint8_t first = at[0], low = 0x80, high = 0xbf;
	size_t more;

	*skip = 1;
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		more = 1;
	else if (first >= 0xe0 && first <= 0xef)
		more = 2;
	else if (first >= 0xf0 && first <= 0xf4)
		more = 3;
	else
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i <= more; i++, low = 0x80, high = 0xbf) {
		if (i >= left || at[i] < low || at[i] > high)
			return 0;
		*skip = i + 1;
	}
	return more + 1;
}

static JSValue mended(JSContext *context, const uint8_t *bytes, size_t size)
{
	static const uint8_t replacement[] = {0xef, 0xbf, 0xbd};
	/* each bad byte may become three */
	char *sound = size > SIZE_MAX / 3 ? NULL : js_malloc(context, size * 3);
	size_t used = 0;

	if (!sound)
		return JS_EXCEPTION;
	for (size_t at = 0; at < size;) {
		size_t skip, length = character(bytes + at, size - at, &skip);

		if (length > 0) {
			memcpy(sound + used, bytes + at, length);
			used += length;
			at += length;
		} else {
			memcpy(sound + used, replacement, sizeof(replacement));
			used += sizeof(replacement);
			at += skip;
		}
	}
	JSValue text = JS_NewStringLen(context, sound, used);

	js_free(context, sound);
	return text;
}

/* Most text is ASCII: eight bytes at a time. */
static size_t ascii_at_first(const uint8_t *bytes, size_t size)
{
	uint64_t eight;
	size_t at = 0;

	for (; size - at >= sizeof(eight); at += sizeof(eight)) {
		memcpy(&eight, bytes + at, sizeof(eight));
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	return at;
}

JSValue text_of_utf8(JSContext *context, const char *bytes, size_t size)
{
	const uint8_t *all = (const uint8_t *)bytes;
	size_t skip;

	for (size_t at = ascii_at_first(all, size), length; at < size; at += length) {
		length = character(all + at, size - at, &skip);
		if (length == 0)
			return mended(context, all, size);
	}
	return JS_NewStringLen(context, bytes, size);
}
