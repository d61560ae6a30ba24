/*
 * runt-init: reads a plan from a sealed descriptor, checks all of it, runs it.
 *
 * argv: name, plan descriptor, handshake descriptor, then one descriptor for each of slots 0, 1, 2,
 * … Exit statuses: 125 a step failed (it was reported), 126 the plan was refused, 127 the arguments
 * were wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "decode.h"
#include "kernel.h"
#include "machine.h"

static struct machine machine;

static int parse_descriptor(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	return *text && !*end && value >= 0 && value < 1 << 24 ? (int)value : -1;
}

static int adopt(const char *text)
{
	int descriptor = parse_descriptor(text);

	return descriptor >= 0 && fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 ? descriptor : -1;
}

/* What an engine ignores or blocks must reach neither a hook nor the container. */
static void default_signals(void)
{
	/* no handler, no flags, no mask; the C library's own call would leave its real-time signals
	 * out */
	static const uint64_t action[4], none[1];

	for (int number = 1; number <= 64; number++)
		(void)syscall(SYS_rt_sigaction, number, action, NULL, sizeof(none));
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, sizeof(none));
}

/* While /proc is still the host's. Kernels that mark descriptors by themselves need none. */
static int host_proc(void)
{
	/* EINVAL where the call is known: the range is empty */
	if (syscall(NR_close_range, ~0u, 0, 0) < 0 && LACKING(errno))
		return open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return -1;
}

static size_t map_plan(int descriptor)
{
	struct stat status;

	if (fstat(descriptor, &status) < 0 || status.st_size <= 0 ||
	    status.st_size > PLAN_MAX_BYTES)
		return 0;
	void *image =
	    mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);

	if (image == MAP_FAILED)
		return 0;
	close(descriptor);
	machine.image = image;
	return (size_t)status.st_size;
}

int main(int argc, char **argv)
{
	if (argc < 3 || (size_t)argc - 3 > SLOT_COUNT)
		return 127;
	for (size_t i = 0; i < SLOT_COUNT; i++)
		machine.slots[i] = -1;
	int plan = adopt(argv[1]);

	machine.report = adopt(argv[2]);
	for (int i = 3; i < argc; i++)
		machine.slots[i - 3] = adopt(argv[i]);
	if (plan < 0 || machine.report < 0)
		return 127;
	default_signals();
	machine.proc = host_proc();
	prctl(PR_SET_NAME, "runt:init");
	size_t size = map_plan(plan);

	if (size == 0 || !plan_decode(machine.image, size))
		return 126;
	return machine_run(&machine) < 0 ? 125 : 0;
}
