/*
 * The filter of system calls. What comes after it is filtered as well: so it comes last, and from
 * then on runt-init makes no call but write and read on its socket, those of hooks, and execve.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "report.h"

#define K_SECCOMP_SET_MODE_FILTER 1u
#define K_SECCOMP_FILTER_FLAG_NEW_LISTENER 8u
#define K_BPF_MAXINSNS 4096u

/* struct sock_fprog */
struct filter_program {
	unsigned short length;
	const void *instructions;
};

int op_seccomp(struct machine *m)
{
	uint32_t flags = arg_u32(m, 0), count = arg_length(m, 1) / 2;
	struct filter_program program = {(unsigned short)count, arg_numbers(m, 1)};

	if (arg_length(m, 1) % 2 || count == 0 || count > K_BPF_MAXINSNS) {
		errno = EINVAL;
		return -1;
	}
	int listener = (int)syscall(SYS_seccomp, K_SECCOMP_SET_MODE_FILTER, flags, &program);

	if (listener < 0)
		return -1;
	m->filtered = 1;
	if (!(flags & K_SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return 0;
	/* the runtime takes it with pidfd_getfd; it is close-on-exec */
	return report(m, MESSAGE_LISTENER, listener) < 0 ? -1 : await_go(m, listener);
}
