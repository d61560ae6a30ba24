/*
 * Compiles modules of JavaScript into the image that modules.c reads: compile IMAGE FILE…, the
 * program first. A module's name is its file's, without the folder. Run when runt is built.
 */
#include <quickjs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void die(const char *what, const char *of)
{
	fprintf(stderr, "compile: %s %s\n", what, of);
	exit(1);
}

static char *read_all(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");

	if (!file || fseek(file, 0, SEEK_END) != 0)
		die("cannot read", path);
	long length = ftell(file);
	char *text = length < 0 ? NULL : calloc(1, (size_t)length + 1);

	rewind(file);
	if (!text || fread(text, 1, (size_t)length, file) != (size_t)length)
		die("cannot read", path);
	fclose(file);
	*size = (size_t)length;
	return text;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static uint8_t *compile(JSContext *context, const char *path, size_t *size)
{
	size_t length;
	char *text = read_all(path, &length);
	JSValue module = JS_Eval(context, text, length, name_of(path),
				 JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);

	free(text);
	if (JS_IsException(module))
		die(JS_ToCString(context, JS_GetException(context)), path);
	uint8_t *code = JS_WriteObject(context, size, module, JS_WRITE_OBJ_BYTECODE);

	if (!code)
		die("cannot write the code of", path);
	return code;
}

/* Modules that this one imports are compiled by themselves. */
static int init_nothing(JSContext *context, JSModuleDef *module)
{
	(void)context;
	(void)module;
	return 0;
}

static JSModuleDef *stand_in(JSContext *context, const char *name, void *opaque)
{
	(void)opaque;
	return JS_NewCModule(context, name, init_nothing);
}

static void put_word(FILE *image, size_t value)
{
	uint32_t word = (uint32_t)value;

	if (value > UINT32_MAX || fwrite(&word, sizeof(word), 1, image) != 1)
		die("cannot write", "the image");
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("takes an image and the files of modules,", "the program first");
	JSRuntime *runtime = JS_NewRuntime();
	JSContext *context = JS_NewContext(runtime);
	size_t count = (size_t)argc - 2;
	uint8_t **codes = calloc(count, sizeof(*codes));
	size_t *sizes = calloc(count, sizeof(*sizes));

	if (!codes || !sizes)
		die("no memory for", "the modules");
	JS_SetModuleLoaderFunc(runtime, NULL, stand_in, NULL);
	JS_SetStripInfo(runtime, JS_STRIP_DEBUG);
	for (size_t i = 0; i < count; i++)
		codes[i] = compile(context, argv[i + 2], &sizes[i]);
	FILE *image = fopen(argv[1], "wb");

	if (!image)
		die("cannot write", argv[1]);
	size_t at = 4 + count * 16;

	put_word(image, count);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(name_of(argv[i + 2]));

		put_word(image, at);
		put_word(image, length);
		put_word(image, at + length);
		put_word(image, sizes[i]);
		at += length + sizes[i];
	}
	for (size_t i = 0; i < count; i++) {
		const char *name = name_of(argv[i + 2]);

		if (fwrite(name, 1, strlen(name), image) != strlen(name) ||
		    fwrite(codes[i], 1, sizes[i], image) != sizes[i])
			die("cannot write", argv[1]);
	}
	if (fclose(image) != 0)
		die("cannot write", argv[1]);
	free(codes);
	free(sizes);
	return 0;
}
