/*
 * Files, as the executable's node:fs (src/engine/fs.ts) has them: each function is one system call,
 * or the few that read or write a whole file.
 */
#include "addon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A longer path is cut, but not so short that the kernel would take it: it says ENAMETOOLONG. */
#define PATH_ROOM (PATH_MAX + 8)

static void take_path(struct call *call, size_t index, char path[PATH_ROOM])
{
	size_t length = 0;

	*path = '\0';
	if (index >= call->count ||
	    napi_get_value_string_utf8(call->env, call->arguments[index], path, PATH_ROOM,
				       &length) != napi_ok ||
	    strlen(path) != length)
		call->wrong = true;
}

/* To be freed; NULL when it is no text or there is no memory for it. */
static char *take_text(struct call *call, size_t index, size_t *length)
{
	char *text = NULL;

	if (index < call->count && napi_get_value_string_utf8(call->env, call->arguments[index],
							      NULL, 0, length) == napi_ok)
		text = malloc(*length + 1);
	if (text)
		napi_get_value_string_utf8(call->env, call->arguments[index], text, *length + 1,
					   length);
	else
		call->wrong = true;
	return text;
}

static napi_value result_of(struct call *call, long result)
{
	return number(call->env, result < 0 ? -errno : (double)result);
}

static napi_value js_open(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];
	int flags = take_int(&call, 1), mode = take_int(&call, 2);

	take_path(&call, 0, path);
	return call.wrong ? throw_wrong(env)
			  : result_of(&call, open(path, flags | O_CLOEXEC, (mode_t)mode));
}

static napi_value js_close(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int descriptor = take_int(&call, 0);

	return call.wrong ? throw_wrong(env) : result_of(&call, close(descriptor));
}

/* At a place in the file, or where the descriptor stands when it is negative. */
static napi_value js_read(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t size = 0;
	int descriptor = take_int(&call, 0);
	void *bytes = take_array(&call, 1, napi_uint8_array, &size);
	int64_t place = take_number(&call, 2);

	if (call.wrong)
		return throw_wrong(env);
	return result_of(&call, place < 0 ? read(descriptor, bytes, size)
					  : pread(descriptor, bytes, size, place));
}

static napi_value js_write(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t size = 0;
	int descriptor = take_int(&call, 0);
	const void *bytes = take_array(&call, 1, napi_uint8_array, &size);

	return call.wrong ? throw_wrong(env) : result_of(&call, write(descriptor, bytes, size));
}

static napi_value js_write_text(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t size = 0;
	int descriptor = take_int(&call, 0);
	char *text = take_text(&call, 1, &size);
	napi_value result = call.wrong || !text ? throw_wrong(env)
						: result_of(&call, write(descriptor, text, size));

	free(text);
	return result;
}

struct whole {
	char *bytes;
	size_t size, room;
};

#define FIRST_ROOM 16384u

static int read_all(int descriptor, struct whole *whole)
{
	for (;;) {
		if (whole->size == whole->room) {
			size_t room = whole->room ? whole->room * 2 : FIRST_ROOM;
			char *larger = realloc(whole->bytes, room);

			if (!larger)
				return -ENOMEM;
			whole->bytes = larger;
			whole->room = room;
		}
		ssize_t got =
		    read(descriptor, whole->bytes + whole->size, whole->room - whole->size);

		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			whole->size += (size_t)got;
	}
}

/* The text of a file, whole; each byte is a character where `latin1` says so. */
static napi_value js_read_text(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct whole whole = {0};
	char path[PATH_ROOM];
	bool latin1 = take_int(&call, 1) != 0;
	napi_value text = NULL;

	take_path(&call, 0, path);
	if (call.wrong)
		return throw_wrong(env);
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (descriptor < 0)
		return number(env, -errno);
	int result = read_all(descriptor, &whole);

	close(descriptor);
	if (result < 0)
		text = number(env, result);
	else if (latin1)
		napi_create_string_latin1(env, whole.bytes, whole.size, &text);
	else
		napi_create_string_utf8(env, whole.bytes, whole.size, &text);
	free(whole.bytes);
	return text;
}

static napi_value on_path(napi_env env, napi_callback_info info, int (*act)(const char *))
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];

	take_path(&call, 0, path);
	return call.wrong ? throw_wrong(env) : result_of(&call, act(path));
}

static napi_value js_remove_folder(napi_env env, napi_callback_info info)
{
	return on_path(env, info, rmdir);
}

static napi_value js_unlink(napi_env env, napi_callback_info info)
{
	return on_path(env, info, unlink);
}

static napi_value js_access(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];
	int mode = take_int(&call, 1);

	take_path(&call, 0, path);
	return call.wrong ? throw_wrong(env) : result_of(&call, access(path, mode));
}

static napi_value js_make_folder(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];
	int mode = take_int(&call, 1);

	take_path(&call, 0, path);
	return call.wrong ? throw_wrong(env) : result_of(&call, mkdir(path, (mode_t)mode));
}

static napi_value js_rename(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char from[PATH_ROOM], to[PATH_ROOM];

	take_path(&call, 0, from);
	take_path(&call, 1, to);
	return call.wrong ? throw_wrong(env) : result_of(&call, rename(from, to));
}

static napi_value js_own(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];
	uid_t uid = (uid_t)take_number(&call, 1);
	gid_t gid = (gid_t)take_number(&call, 2);

	take_path(&call, 0, path);
	return call.wrong ? throw_wrong(env) : result_of(&call, chown(path, uid, gid));
}

static napi_value js_allow(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];
	mode_t mode = (mode_t)take_number(&call, 1);

	take_path(&call, 0, path);
	return call.wrong ? throw_wrong(env) : result_of(&call, chmod(path, mode));
}

/* Into an array: mode, user, size, inode, device, time of the last change in ms. */
static napi_value tell_status(struct call *call, size_t index, const struct stat *status, int got)
{
	size_t count = 0;
	double *told = take_array(call, index, napi_float64_array, &count);

	if (call->wrong || count < 6)
		return throw_wrong(call->env);
	if (got == 0) {
		told[0] = status->st_mode;
		told[1] = status->st_uid;
		told[2] = (double)status->st_size;
		told[3] = (double)status->st_ino;
		told[4] = (double)status->st_dev;
		told[5] =
		    (double)status->st_mtim.tv_sec * 1e3 + (double)status->st_mtim.tv_nsec / 1e6;
	}
	return result_of(call, got);
}

static napi_value js_status(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct stat status;
	char path[PATH_ROOM];
	int flags = take_int(&call, 1) ? 0 : AT_SYMLINK_NOFOLLOW;

	take_path(&call, 0, path);
	if (call.wrong)
		return throw_wrong(env);
	return tell_status(&call, 2, &status, fstatat(AT_FDCWD, path, &status, flags));
}

static napi_value js_status_of_open(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct stat status;
	int descriptor = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	return tell_status(&call, 1, &status, fstat(descriptor, &status));
}

static bool is_folder(int folder, const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(status.st_mode);
}

/* Names, each followed by whether it is a folder. */
static int list_names(napi_env env, DIR *folder, napi_value names)
{
	uint32_t count = 0;

	for (;;) {
		napi_value name, folds;

		errno = 0;
		struct dirent *entry = readdir(folder);

		if (!entry)
			return -errno;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		napi_create_string_utf8(env, entry->d_name, NAPI_AUTO_LENGTH, &name);
		napi_get_boolean(env, is_folder(dirfd(folder), entry), &folds);
		napi_set_element(env, names, count++, name);
		napi_set_element(env, names, count++, folds);
	}
}

static napi_value js_list(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM];
	napi_value names;

	take_path(&call, 0, path);
	if (call.wrong)
		return throw_wrong(env);
	DIR *folder = opendir(path);

	if (!folder)
		return number(env, -errno);
	napi_create_array(env, &names);
	int result = list_names(env, folder, names);

	closedir(folder);
	return result < 0 ? number(env, result) : names;
}

static napi_value js_real_path(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	char path[PATH_ROOM], real[PATH_MAX];
	napi_value text = NULL;

	take_path(&call, 0, path);
	if (call.wrong)
		return throw_wrong(env);
	if (!realpath(path, real))
		return number(env, -errno);
	napi_create_string_utf8(env, real, NAPI_AUTO_LENGTH, &text);
	return text;
}

const struct addon_function file_functions[] = {
    {"open", js_open},
    {"close", js_close},
    {"read", js_read},
    {"write", js_write},
    {"writeText", js_write_text},
    {"readText", js_read_text},
    {"makeFolder", js_make_folder},
    {"removeFolder", js_remove_folder},
    {"unlink", js_unlink},
    {"access", js_access},
    {"rename", js_rename},
    {"own", js_own},
    {"allow", js_allow},
    {"status", js_status},
    {"statusOfOpen", js_status_of_open},
    {"list", js_list},
    {"realPath", js_real_path},
    {0},
};
