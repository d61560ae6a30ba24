/*
 * Mounts by mount(2), for kernels without the mount API.
 *
 * mount(2) takes paths. The ones given here are always "self/fd/N", the link of an open descriptor,
 * in a procfs that was opened before the container had any say: the kernel jumps to what is open
 * and resolves nothing. A mount is made and given its flags in a staging folder that nobody else
 * can reach, and then moved: as with the mount API it is never seen half made, and its descriptor
 * stays good.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "path.h"

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif
#define LINK_SIZE 48
#define INSIDE "inside" /* for a further staging folder */
#define PLACE_SIZE 16

/* Beneath a descriptor, or the descriptor itself. */
static void link_to(char link[LINK_SIZE], int descriptor, const char *name)
{
	(void)snprintf(link, LINK_SIZE, "self/fd/%d%s%s", descriptor, *name ? "/" : "", name);
}

/* mount(2) with the links looked up below `proc`; the working folder is the root before and after.
 */
static int mount_below(int proc, const char *source, const char *target, const char *type,
		       unsigned long flags, const char *data)
{
	if (fchdir(proc) < 0)
		return -1;
	int result = mount(source, target, type, flags, data);
	int error = errno;

	if (chdir("/") < 0)
		return -1;
	errno = error;
	return result;
}

static unsigned long depth_of(uint32_t flags)
{
	return flags & K_AT_RECURSIVE ? MS_REC : 0;
}

int op_stage(struct machine *m)
{
	const char *path = arg_string(m, 0);

	if (mount("runt", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755") < 0 ||
	    mount(NULL, path, NULL, MS_UNBINDABLE, NULL) < 0)
		return -1;
	int staging = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return staging < 0		      ? -1
	       : fill_slot(m, 1, staging) < 0 ? -1
					      : mkdirat(staging, INSIDE, 0755);
}

static int make_point(int staging, const char *name, int folder)
{
	return folder ? mkdirat(staging, name, 0755) : mknodat(staging, name, S_IFREG | 0644, 0);
}

/* A place to mount on; one of the same name that is of the wrong kind is not in use any more, and
 * goes. */
static int prepare_point(int staging, const char *name, int folder)
{
	if (make_point(staging, name, folder) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	if (unlinkat(staging, name, folder ? 0 : AT_REMOVEDIR) < 0)
		return 0;
	return make_point(staging, name, folder);
}

struct staged {
	int proc, staging;
	const char *name; /* in the staging folder */
};

/* Makes a mount in the staging folder and opens its root. */
static int make_staged(const struct staged *at, int folder, const char *source, const char *type,
		       unsigned long flags, const char *data)
{
	char target[LINK_SIZE];

	if (prepare_point(at->staging, at->name, folder) < 0)
		return -1;
	link_to(target, at->staging, at->name);
	if (mount_below(at->proc, source, target, type, flags, data) < 0)
		return -1;
	return openat(at->staging, at->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static int bind_staged(const struct staged *at, int from, unsigned long flags)
{
	char source[LINK_SIZE];
	struct stat status;

	if (fstat(from, &status) < 0)
		return -1;
	link_to(source, from, "");
	return make_staged(at, S_ISDIR(status.st_mode), source, NULL, MS_BIND | flags, NULL);
}

/* A mount's place in the staging folder is named for its slot: a later plan step can find it by
 * that. */
static struct staged place_of(const struct machine *m, char name[PLACE_SIZE], unsigned int into,
			      const char *suffix)
{
	(void)snprintf(name, PLACE_SIZE, "%u%s", arg_u32(m, into), suffix);
	return (struct staged){arg_slot(m, 0), arg_slot(m, 1), name};
}

int op_stageTree(struct machine *m)
{
	char name[PLACE_SIZE];
	struct staged at = place_of(m, name, 4, "");

	return fill_slot(m, 4, bind_staged(&at, arg_slot(m, 2), depth_of(arg_u32(m, 3))));
}

/* As newMount: a tmpfs over a folder looks like the folder, unless the plan says otherwise. */
static int data_with_mode(char *text, size_t size, int like, const char *data)
{
	struct stat status;

	if (like < 0)
		return snprintf(text, size, "%s", data);
	if (fstat(like, &status) < 0)
		return -1;
	return snprintf(text, size, "mode=%04o%s%s", (unsigned int)status.st_mode & 07777,
			*data ? "," : "", data);
}

int op_stageMount(struct machine *m)
{
	char name[PLACE_SIZE], data[4096]; /* a page is what mount(2) reads */
	/* beside a tree in the same slot: mount(2) refuses a file system on top of itself */
	struct staged at = place_of(m, name, 7, "new");
	int length = data_with_mode(data, sizeof(data), arg_slot(m, 6), arg_string(m, 4));

	if (length < 0)
		return -1;
	if ((size_t)length >= sizeof(data)) {
		errno = E2BIG;
		return -1;
	}
	return fill_slot(m, 7,
			 make_staged(&at, 1, arg_string(m, 3), arg_string(m, 2),
				     (unsigned long)arg_number(m, 5), data));
}

/* statfs(2) tells a mount's flags by other numbers than mount_setattr(2) and mount(2) take them by.
 */
static const struct {
	unsigned long status;
	uint64_t attribute;
	unsigned long flag;
} flags_by_name[] = {
    {1, K_MOUNT_ATTR_RDONLY, MS_RDONLY},
    {2, 2, MS_NOSUID},
    {4, 4, MS_NODEV},
    {8, 8, MS_NOEXEC},
    {2048, 0x80, MS_NODIRATIME},
    {0x2000, 0x200000, MS_NOSYMFOLLOW},
};
#define STATUS_NOATIME 1024u
#define STATUS_RELATIME 4096u
#define ATTRIBUTE_ATIME 0x70u
#define ATTRIBUTE_NOATIME 0x10u
#define ATTRIBUTE_STRICTATIME 0x20u
#define FLAG_COUNT (sizeof(flags_by_name) / sizeof(flags_by_name[0]))

static uint64_t attributes_of(unsigned long status)
{
	uint64_t attributes = 0;

	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (status & flags_by_name[i].status)
			attributes |= flags_by_name[i].attribute;
	if (status & STATUS_NOATIME)
		return attributes | ATTRIBUTE_NOATIME;
	return status & STATUS_RELATIME ? attributes : attributes | ATTRIBUTE_STRICTATIME;
}

/* The access time's mode is always named: without a word mount(2) would keep it or choose one. */
static unsigned long flags_of(uint64_t attributes)
{
	unsigned long flags = 0;

	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (attributes & flags_by_name[i].attribute)
			flags |= flags_by_name[i].flag;
	if ((attributes & ATTRIBUTE_ATIME) == ATTRIBUTE_NOATIME)
		return flags | MS_NOATIME;
	return flags | ((attributes & ATTRIBUTE_ATIME) ? MS_STRICTATIME : MS_RELATIME);
}

/* As lockedAttributes has it. */
static int breaks_lock(uint64_t before, uint64_t after)
{
	const uint64_t locked = K_MOUNT_ATTR_RDONLY | 2 | 4 | 8, atime = ATTRIBUTE_ATIME | 0x80;

	return (before & ~after & locked) != 0 || ((before ^ after) & atime) != 0;
}

/* A remount replaces all flags of a mount, so those that it has are read first. */
static int change_flags(int proc, int mount, uint64_t set, uint64_t clear, int locked)
{
	char target[LINK_SIZE];
	struct statfs status;

	if (fstatfs(mount, &status) < 0)
		return -1;
	uint64_t before = attributes_of((unsigned long)status.f_flags);
	uint64_t after = (before & ~clear) | set;

	if (locked && breaks_lock(before, after)) {
		errno = EPERM;
		return -1;
	}

	link_to(target, mount, "");
	return mount_below(proc, NULL, target, NULL, MS_REMOUNT | MS_BIND | flags_of(after), NULL);
}

int op_remount(struct machine *m)
{
	return change_flags(arg_slot(m, 0), arg_slot(m, 1), arg_number(m, 2), arg_number(m, 3),
			    arg_u32(m, 4) != 0);
}

static int move_to(int proc, int mount, int onto, unsigned long how)
{
	char source[LINK_SIZE], target[LINK_SIZE];

	if (mount < 0 || onto < 0) {
		errno = EBADF;
		return -1;
	}
	link_to(source, mount, "");
	link_to(target, onto, "");
	return mount_below(proc, source, target, NULL, how, NULL);
}

int op_moveStaged(struct machine *m)
{
	return move_to(arg_slot(m, 0), arg_slot(m, 1), arg_slot(m, 2), MS_MOVE);
}

int op_spread(struct machine *m)
{
	char target[LINK_SIZE];

	link_to(target, arg_slot(m, 1), "");
	return mount_below(arg_slot(m, 0), NULL, target, NULL,
			   (unsigned long)arg_number(m, 2) | depth_of(arg_u32(m, 3)), NULL);
}

static int close_after(int result, int descriptor)
{
	int error = errno;

	close(descriptor);
	errno = error;
	return result;
}

int op_bindMask(struct machine *m)
{
	struct stat status;
	int target = path_open(arg_slot(m, 1), arg_string(m, 2), MAKE_NOTHING, 0, 0);

	if (target < 0)
		return -1;
	if (fstat(target, &status) < 0)
		return close_after(-1, target);
	int cover = S_ISDIR(status.st_mode) ? arg_slot(m, 4) : arg_slot(m, 3);

	return close_after(move_to(arg_slot(m, 0), cover, target, MS_BIND), target);
}

int op_bindReadOnly(struct machine *m)
{
	struct staged at = {arg_slot(m, 0), arg_slot(m, 1), "readonly"};
	int target = path_open(arg_slot(m, 2), arg_string(m, 3), MAKE_NOTHING, 0, 0);

	if (target < 0)
		return -1;
	int copy = bind_staged(&at, target, MS_REC);

	if (copy < 0)
		return close_after(-1, target);
	int result = change_flags(at.proc, copy, K_MOUNT_ATTR_RDONLY, 0, 0);

	if (result == 0)
		result = move_to(at.proc, copy, target, MS_MOVE);
	return close_after(close_after(result, copy), target);
}
