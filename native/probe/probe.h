/* The parts of the report; each writes one or more members of the object that is open. */
#ifndef RUNT_PROBE_H
#define RUNT_PROBE_H

void report_identity(void);
void report_capabilities(void);
void report_limits(void);
void report_signals(void);
void report_scheduling(void);
void report_memory_policy(void);
void report_keyring(void);
void report_terminal(void);
void report_descriptors(void);
void report_namespaces(void);
void report_mounts(void);
void report_devices(void);
void report_system(void);
void report_network(void);

/* `words` is one request, such as "write /etc/passwd"; false for a verb that it does not know */
int act(char *words);

#endif
