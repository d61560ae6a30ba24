/* The container's terminal: opened in its own devpts, never by a path that it could have changed.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "path.h"

#define PTMX_MAJOR 5
#define PTMX_MINOR 2
#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

/* Unlock, then the slave end straight from the master: no name in /dev/pts is looked up
 * (CVE-2025-52565). */
static int open_peer(int master)
{
	int unlocked = 0;

	if (ioctl(master, TIOCSPTLCK, &unlocked) < 0)
		return -1;
	return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static int is_device(int descriptor, dev_t device)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 && S_ISCHR(status.st_mode) &&
	       status.st_rdev == device;
}

int op_openTerminal(struct machine *m)
{
	struct winsize size = {.ws_row = (unsigned short)arg_u32(m, 2),
			       .ws_col = (unsigned short)arg_u32(m, 3)};
	int master = path_resolve(arg_slot(m, 0), arg_string(m, 1), O_RDWR | O_NOCTTY | O_NONBLOCK,
				  K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS);

	if (fill_slot(m, 4, master) < 0)
		return -1;
	if (!is_device(master, makedev(PTMX_MAJOR, PTMX_MINOR))) {
		errno = ENODEV;
		return -1;
	}
	if (fcntl(master, F_SETFL, O_RDWR) < 0)
		return -1;
	int terminal = open_peer(master);

	if (fill_slot(m, 5, terminal) < 0)
		return -1;
	return size.ws_row ? ioctl(master, TIOCSWINSZ, &size) : 0;
}

int op_useTerminal(struct machine *m)
{
	int terminal = arg_slot(m, 0);

	if (fchown(terminal, (uid_t)arg_u32(m, 1), (gid_t)-1) < 0 && errno != EROFS)
		return -1;
	if (ioctl(terminal, TIOCSCTTY, 0) < 0)
		return -1;
	for (int descriptor = 0; descriptor < 3; descriptor++)
		if (dup2(terminal, descriptor) < 0)
			return -1;
	return 0;
}

int op_ownStdio(struct machine *m)
{
	uid_t uid = (uid_t)arg_u32(m, 0);
	struct stat status;

	for (int descriptor = 0; descriptor < 3; descriptor++) {
		if (fstat(descriptor, &status) < 0 || status.st_uid == uid ||
		    is_device(descriptor, makedev(1, 3)))
			continue;
		/* not ours to give (EPERM), not mapped (EINVAL), read-only: the program keeps what
		 * it was given */
		if (fchown(descriptor, uid, (gid_t)-1) < 0 && errno != EPERM && errno != EINVAL &&
		    errno != EROFS)
			return -1;
	}
	return 0;
}
