/* runt-init rides inside librunt: there is no second file to find, to replace or to forget (CVE-2019-5736). */
	.section .rodata
	.global init_image_start
	.global init_image_end
	.hidden init_image_start
	.hidden init_image_end
	.balign 16
init_image_start:
	.incbin INIT_IMAGE
init_image_end:
	.section .note.GNU-stack,"",%progbits
