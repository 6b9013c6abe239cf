//! What Rust's standard library asks of a libc and the wasi-libc of Debian 12 (2022) does not have. WASI preview 1 starts
//! no threads, names no real path and knows no modes; the callers have an answer for each refusal.

#![no_std]
#![allow(non_upper_case_globals)]

use core::ffi::{c_char, c_int, c_void};
use core::ptr::null_mut;

/// "Try again": what a thread that can't be started gives.
const EAGAIN: c_int = 6;
/// "Not supported".
const ENOTSUP: c_int = 58;

unsafe extern "C" {
    static mut errno: c_int;
}

#[unsafe(no_mangle)]
extern "C" fn __errno_location() -> *mut c_int {
    &raw mut errno
}

#[unsafe(no_mangle)]
extern "C" fn realpath(_: *const c_char, _: *mut c_char) -> *mut c_char {
    // SAFETY: nothing runs beside this.
    unsafe { errno = ENOTSUP };
    null_mut()
}

#[unsafe(no_mangle)]
extern "C" fn pthread_create(_: *mut c_void, _: *const c_void, _: *const c_void, _: *mut c_void) -> c_int {
    EAGAIN
}

#[unsafe(no_mangle)]
extern "C" fn pthread_join(_: *mut c_void, _: *mut *mut c_void) -> c_int {
    ENOTSUP
}

#[unsafe(no_mangle)]
extern "C" fn pthread_detach(_: *mut c_void) -> c_int {
    ENOTSUP
}

#[unsafe(no_mangle)]
extern "C" fn pthread_self() -> *mut c_void {
    null_mut()
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_init(_: *mut c_void) -> c_int {
    0
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_destroy(_: *mut c_void) -> c_int {
    0
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_setstacksize(_: *mut c_void, _: usize) -> c_int {
    0
}

#[unsafe(no_mangle)]
extern "C" fn pthread_attr_getstacksize(_: *const c_void, _: *mut usize) -> c_int {
    ENOTSUP
}

#[unsafe(no_mangle)]
extern "C" fn pthread_key_create(_: *mut c_void, _: *const c_void) -> c_int {
    EAGAIN
}

#[unsafe(no_mangle)]
extern "C" fn chmod(_: *const c_char, _: u32) -> c_int {
    // SAFETY: nothing runs beside this.
    unsafe { errno = ENOTSUP };
    -1
}
