/*
 * lacking ERRNO NR[,NR…] PROGRAM [ARGUMENT…]: runs a program for which these system calls fail with ERRNO: an older
 * kernel (ENOSYS), or an outer container's filter (EPERM). seccomp(2)
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MAX_CALLS 64

int main(int argc, char **argv)
{
	struct sock_filter filter[2 * MAX_CALLS + 2];
	unsigned short count = 0;

	if (argc < 4)
		return 127;
	unsigned int error = (unsigned int)strtoul(argv[1], NULL, 10);

	filter[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       offsetof(struct seccomp_data, nr));
	for (char *at = argv[2]; *at && count < 2 * MAX_CALLS; at += *at == ',') {
		unsigned int number = (unsigned int)strtoul(at, &at, 10);

		filter[count++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		filter[count++] =
		    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
	}
	filter[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {count, filter};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		perror("lacking");
		return 127;
	}
	execv(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
