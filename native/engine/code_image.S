/* The program's modules, as compile.c has written them: modules.c reads them. */
	.section .rodata
	.global code_image
	.hidden code_image
	.balign 16
code_image:
	.incbin CODE_IMAGE
	.section .note.GNU-stack,"",%progbits
