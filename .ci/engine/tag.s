# The tag of every exception, C++'s and Rust's alike. The tool chain has to define it once.
	.globl __cpp_exception
	.tagtype __cpp_exception i32
__cpp_exception:
