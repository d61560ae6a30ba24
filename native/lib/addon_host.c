/* What the kernel can do, and small things that JavaScript cannot. */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../init/kernel.h"

static napi_value js_probe(napi_env env, napi_callback_info info)
{
	(void)info;
	return number(env, runt_probe());
}

/* With no filter to copy the kernel refuses by EFAULT, but a flag that it does not know by EINVAL.
 */
static napi_value js_seccomp_flags(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int flags = take_int(&call, 0);

	if (call.wrong)
		return throw_wrong(env);
	long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL);

	return number(env, result < 0 && errno == EFAULT);
}

static napi_value js_device_program(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	size_t bytes = 0;
	int cgroup = take_int(&call, 0);
	const void *program = take_array(&call, 1, napi_uint8_array, &bytes);

	return call.wrong ? throw_wrong(env)
			  : number(env, runt_device_program(cgroup, program, bytes));
}

/* Of a mount that nobody sees yet, whoever made it: mount_setattr(2), "ID-mapped mounts". */
static napi_value js_map_owners(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	struct mount_attributes attributes = {.attr_set = K_MOUNT_ATTR_IDMAP};
	int mount = take_int(&call, 0), mapping = take_int(&call, 1);
	unsigned int flags = AT_EMPTY_PATH | (take_int(&call, 2) ? K_AT_RECURSIVE : 0);

	if (call.wrong || mapping < 0)
		return throw_wrong(env);
	attributes.userns_fd = (uint64_t)mapping;
	return number(env, sys_mount_setattr(mount, "", flags, &attributes) < 0 ? -errno : 0);
}

static napi_value js_lock(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	int descriptor = take_int(&call, 0);
	bool wait = take_int(&call, 1) != 0;

	if (call.wrong)
		return throw_wrong(env);
	return number(env, flock(descriptor, LOCK_EX | (wait ? 0 : LOCK_NB)) < 0 ? -errno : 0);
}

/* FNV-1a in 64 bits, of which a JavaScript number holds 53: against damage, not against malice. */
static napi_value js_fingerprint(napi_env env, napi_callback_info info)
{
	struct call call = open_call(env, info);
	uint64_t hash = 0xcbf29ce484222325u;
	size_t size = 0;
	const unsigned char *bytes = take_array(&call, 0, napi_uint8_array, &size);

	if (call.wrong)
		return throw_wrong(env);
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	return number(env, (double)(hash >> 11));
}

const struct addon_function host_functions[] = {
    {"probe", js_probe},
    {"seccompFlags", js_seccomp_flags},
    {"deviceProgram", js_device_program},
    {"mapOwners", js_map_owners},
    {"lock", js_lock},
    {"fingerprint", js_fingerprint},
    {0},
};
