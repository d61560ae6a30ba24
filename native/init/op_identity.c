/* Who the process is: ids, capabilities, limits, keyring. */
#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "machine.h"

#define KEYCTL_JOIN_SESSION_KEYRING 1
#define CAPABILITY_VERSION_3 0x20080522u
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_RAISE 2
#define PR_CAP_AMBIENT_CLEAR_ALL 4

int op_umask(struct machine *m)
{
	umask((mode_t)arg_u32(m, 0));
	return 0;
}

/* The kernel's own calls: the C library's would signal every thread, and there is one. */
int op_ids(struct machine *m)
{
	long uid = (long)arg_u32(m, 0), gid = (long)arg_u32(m, 1);

	/* groups first, then gid, then uid: each needs what the next one gives up */
	if (arg_u32(m, 3) &&
	    syscall(SYS_setgroups, (size_t)arg_length(m, 2), arg_numbers(m, 2)) < 0)
		return -1;
	if (syscall(SYS_setresgid, gid, gid, gid) < 0)
		return -1;
	return (int)syscall(SYS_setresuid, uid, uid, uid);
}

int op_keepCapabilities(struct machine *m)
{
	return prctl(PR_SET_KEEPCAPS, (unsigned long)arg_u32(m, 0));
}

int op_boundingSet(struct machine *m)
{
	uint64_t keep = arg_number(m, 0);

	for (unsigned long capability = 0; capability < 64; capability++) {
		int held = prctl(PR_CAPBSET_READ, capability);

		if (held < 0) /* EINVAL: past the kernel's last one */
			return 0;
		if (held && !(keep >> capability & 1) && prctl(PR_CAPBSET_DROP, capability) < 0)
			return -1;
	}
	return 0;
}

struct capability_header {
	uint32_t version;
	int pid;
};

struct capability_data {
	uint32_t effective, permitted, inheritable;
};

static int get_capabilities(struct capability_data data[2])
{
	struct capability_header header = {CAPABILITY_VERSION_3, 0};

	return (int)syscall(SYS_capget, &header, data);
}

/* Sets what the process may hold of the wanted sets: one that it lacks is left out, as the
 * specification asks. */
int op_capabilities(struct machine *m)
{
	struct capability_header header = {CAPABILITY_VERSION_3, 0};
	struct capability_data held[2], data[2];

	if (get_capabilities(held) < 0)
		return -1;
	for (unsigned int half = 0; half < 2; half++) {
		data[half].permitted =
		    (uint32_t)(arg_number(m, 1) >> 32 * half) & held[half].permitted;
		data[half].effective =
		    (uint32_t)(arg_number(m, 0) >> 32 * half) & data[half].permitted;
		data[half].inheritable = (uint32_t)(arg_number(m, 2) >> 32 * half) &
					 (held[half].permitted | held[half].inheritable);
	}
	return (int)syscall(SYS_capset, &header, data);
}

int op_raiseCapability(struct machine *m)
{
	struct capability_header header = {CAPABILITY_VERSION_3, 0};
	struct capability_data held[2];
	uint32_t capability = arg_u32(m, 0), bit = 1u << capability % 32;

	if (get_capabilities(held) < 0)
		return -1;
	if (capability >= 64 || !(held[capability / 32].permitted & bit)) {
		errno = EPERM;
		return -1;
	}
	held[capability / 32].effective |= bit;
	return (int)syscall(SYS_capset, &header, held);
}

/* Raises every one that can be; the last refusal is the answer. */
int op_ambientSet(struct machine *m)
{
	int error = 0;

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL) < 0)
		return -1;
	for (unsigned long capability = 0; capability < 64; capability++)
		if (arg_number(m, 0) >> capability & 1 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0UL, 0UL) < 0)
			error = errno;
	errno = error;
	return error ? -1 : 0;
}

int op_noNewPrivileges(struct machine *m)
{
	(void)m;
	return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}

int op_sessionKeyring(struct machine *m)
{
	return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, arg_string(m, 0)) < 0 ? -1 : 0;
}

int op_resourceLimit(struct machine *m)
{
	const uint64_t limit[2] = {arg_number(m, 1), arg_number(m, 2)};

	return (int)syscall(SYS_prlimit64, 0, arg_u32(m, 0), limit, NULL);
}
