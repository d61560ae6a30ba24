/* Mounts by descriptor: made detached, given their attributes, and only then attached. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"

int op_openTree(struct machine *m)
{
	return fill_slot(m, 2, sys_open_tree(AT_FDCWD, arg_string(m, 0), arg_u32(m, 1)));
}

int op_copyTree(struct machine *m)
{
	return fill_slot(m, 2, sys_open_tree(arg_slot(m, 0), "", arg_u32(m, 1) | AT_EMPTY_PATH));
}

/* `name=value` is one string parameter, `name` a flag. The text is the plan's private copy. */
static int configure(int context, char *parameter)
{
	char *equals = strchr(parameter, '=');

	if (!equals)
		return (int)syscall(NR_fsconfig, context, K_FSCONFIG_SET_FLAG, parameter, NULL, 0);
	*equals = '\0';
	int result =
	    (int)syscall(NR_fsconfig, context, K_FSCONFIG_SET_STRING, parameter, equals + 1, 0);

	*equals = '=';
	return result;
}

/* A tmpfs over a folder looks like the folder: mode=0710. What the plan asks for comes later, and
 * wins. */
static int configure_mode(int context, int like)
{
	char text[] = "mode=0000";
	struct stat status;

	if (like < 0)
		return 0;
	if (fstat(like, &status) < 0)
		return -1;
	for (int digit = 0; digit < 4; digit++)
		text[sizeof(text) - 2 - digit] = (char)('0' + (status.st_mode >> 3 * digit & 7));
	return configure(context, text);
}

static int create_mount(struct machine *m, int context)
{
	if (configure_mode(context, arg_slot(m, 3)) < 0)
		return -1;
	for (char **parameter = arg_list(m, 1); *parameter; parameter++)
		if (configure(context, *parameter) < 0)
			return -1;
	if (syscall(NR_fsconfig, context, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return (int)syscall(NR_fsmount, context, K_FSMOUNT_CLOEXEC, arg_u32(m, 2));
}

/* A file system's context keeps its last words: "e tmpfs: Unknown parameter 'foo'". */
static void keep_words(struct machine *m, int context)
{
	ssize_t got = read(context, m->detail, sizeof(m->detail));

	m->detail_length = got > 2 ? (uint32_t)got : 0;
}

int op_newMount(struct machine *m)
{
	int context = (int)syscall(NR_fsopen, arg_string(m, 0), K_FSOPEN_CLOEXEC);

	if (context < 0)
		return -1;
	int mount = create_mount(m, context);
	int error = errno;

	if (mount < 0)
		keep_words(m, context);
	close(context);
	errno = error;
	return fill_slot(m, 4, mount);
}

int op_mountAttributes(struct machine *m)
{
	struct mount_attributes attributes = {arg_number(m, 1), arg_number(m, 2), arg_number(m, 3),
					      0};

	return sys_mount_setattr(arg_slot(m, 0), "", AT_EMPTY_PATH | arg_u32(m, 4), &attributes);
}

/* What MNT_LOCK_… of the kernel's fs/namespace.c keeps in a less privileged mount namespace. */
#define LOCKED (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC)
#define LOCKED_ATIME (ST_NOATIME | ST_NODIRATIME | ST_RELATIME)

int op_lockedAttributes(struct machine *m)
{
	struct mount_attributes attributes = {arg_number(m, 1), arg_number(m, 2), 0, 0};
	struct statfs before, after;
	int mount = arg_slot(m, 0);

	/* the copy is not attached yet: nobody sees what is refused afterwards */
	if (fstatfs(mount, &before) < 0 ||
	    sys_mount_setattr(mount, "", AT_EMPTY_PATH | arg_u32(m, 3), &attributes) < 0 ||
	    fstatfs(mount, &after) < 0)
		return -1;
	unsigned long was = (unsigned long)before.f_flags, is = (unsigned long)after.f_flags;

	if ((was & ~is & LOCKED) == 0 && ((was ^ is) & LOCKED_ATIME) == 0)
		return 0;
	errno = EPERM;
	return -1;
}

int op_fileLabel(struct machine *m)
{
	/* a mount's descriptor is O_PATH, which takes no attribute */
	int root = openat(arg_slot(m, 0), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return -1;
	int result = fsetxattr(root, "security.selinux", arg_string(m, 1), arg_length(m, 1) + 1, 0);
	int error = errno;

	close(root);
	errno = error;
	return result;
}

int op_moveMount(struct machine *m)
{
	return sys_move_mount(arg_slot(m, 0), arg_slot(m, 1));
}

int op_propagate(struct machine *m)
{
	unsigned long recursive = arg_u32(m, 1) & K_AT_RECURSIVE ? MS_REC : 0;

	return mount(NULL, "/", NULL, (unsigned long)arg_number(m, 0) | recursive, NULL);
}

/* pivot_root(2): with "." twice the old root lies on top of the new one, no folder is needed. The
 * working folder then becomes the old root, and what lies over that goes first. */
static int leave_root(int rootfs, int old, uint32_t covers)
{
	if (fchdir(rootfs) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || fchdir(old) < 0)
		return -1;
	/* where mounts are shared with the host, taking them off here would take them off there */
	if (mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return -1;
	for (; covers > 0; covers--)
		if (umount2(".", MNT_DETACH) < 0)
			return -1;
	return chdir("/");
}

int op_pivotRoot(struct machine *m)
{
	int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (old < 0)
		return -1;
	int result = leave_root(arg_slot(m, 0), old, arg_u32(m, 1));
	int error = errno;

	close(old);
	errno = error;
	return result;
}

/* The old root stays below: its proc and sysfs must not serve for another, unmasked one
 * (mount_too_revealing in the kernel's fs/namespace.c). Where one cannot go it is covered. */
static int withdraw(const char *path)
{
	if (mount(NULL, path, NULL, MS_PRIVATE | MS_REC, NULL) < 0)
		return errno == EINVAL || errno == ENOENT ? 0 : -1; /* no mount is there */
	if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		return 0;
	return mount("tmpfs", path, "tmpfs", MS_RDONLY, "nr_blocks=1,nr_inodes=1");
}

int op_moveRoot(struct machine *m)
{
	if (withdraw("/proc") < 0 || withdraw("/sys") < 0)
		return -1;
	/* the rootfs lies over the root already: moving it there again would be a loop */
	if (fchdir(arg_slot(m, 0)) < 0 || chroot(".") < 0)
		return -1;
	return chdir("/");
}

int op_chroot(struct machine *m)
{
	if (fchdir(arg_slot(m, 0)) < 0 || chroot(".") < 0)
		return -1;
	return chdir("/");
}

int op_enterFolder(struct machine *m)
{
	return fchdir(arg_slot(m, 0));
}
