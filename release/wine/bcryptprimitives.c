/* wine 8 has no bcryptprimitives.dll, of which Rust's standard library takes its random numbers: a program ends with status 53
   and no word. This stand-in lies beside the program for wine alone, never in a release. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) {
  return SystemFunction036(bytes, (ULONG)length);
}
