/* Gates, forks and the other places where the plan meets the runtime. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "kernel.h"
#include "machine.h"
#include "report.h"

int op_fork(struct machine *m)
{
	/* with K_CLONE_PARENT the exit signal is the parent's own, and naming one is refused */
	int child = sys_fork(K_CLONE_PARENT | arg_u32(m, 0), 0, NULL);

	if (child <= 0)
		return child;
	_exit(report(m, MESSAGE_CHILD, child) < 0 ? 125 : 0);
}

int op_gate(struct machine *m)
{
	int gate = (int)arg_u32(m, 0);

	return report(m, MESSAGE_GATE, gate) < 0 ? -1 : await_go(m, gate);
}

static int next_caller(const struct machine *m)
{
	int connection;

	do
		connection = accept4(arg_slot(m, 0), NULL, NULL, SOCK_CLOEXEC);
	while (connection < 0 && errno == EINTR);
	return connection;
}

static void end_by(int signal)
{
	_exit(128 + signal);
}

/* Most often we are the first process of a pid namespace, which the kernel spares all signals that
 * it has no handler for. But whoever stops a container that was never started means to end it. */
static void let_signals_end(void)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		(void)signal(ending[i], end_by);
}

int op_awaitStart(struct machine *m)
{
	let_signals_end();
	/* the runtime that made us may end now; whoever calls start is told of what follows */
	close(m->report);
	do {
		m->report = next_caller(m);
		if (m->report < 0)
			return -1;
		/* a caller that is killed before it has said go has not started anything */
		if (await_go(m, (int)arg_u32(m, 1)) == 0)
			break;
		close(m->report);
		m->report = -1;
	} while (1);
	close(arg_slot(m, 0));
	m->slots[arg_number(m, 0)] = -1;
	return 0;
}

int op_deathSignal(struct machine *m)
{
	return prctl(PR_SET_PDEATHSIG, (unsigned long)arg_u32(m, 0));
}

int op_dumpable(struct machine *m)
{
	return prctl(PR_SET_DUMPABLE, (unsigned long)arg_u32(m, 0));
}

int op_setsid(struct machine *m)
{
	(void)m;
	return setsid() < 0 ? -1 : 0;
}

int op_signalMask(struct machine *m)
{
	uint64_t mask = arg_number(m, 0);

	return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof(mask));
}

int op_sendDescriptor(struct machine *m)
{
	return report_descriptor(m, (int)arg_u32(m, 1), arg_slot(m, 0));
}
