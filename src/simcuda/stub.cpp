// libcuda.so.1 of simulated nodes. A node has no GPU that could run code, so every call returns
// CUDA_ERROR_STUB_LIBRARY, as the stub library of NVIDIA's toolkit does. The file also hides the host's own
// libcuda.so.1, and container tools find the driver's libraries by its name.
//
// Codes and signatures: cuda.h of CUDA 12 and 13.
namespace {

enum CUresult : int { CUDA_SUCCESS = 0, CUDA_ERROR_INVALID_VALUE = 1, CUDA_ERROR_STUB_LIBRARY = 34 };

CUresult say(int error, const char** text, const char* stub, const char* success) {
  if (text == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *text = error == CUDA_ERROR_STUB_LIBRARY ? stub : error == CUDA_SUCCESS ? success : nullptr;
  return *text != nullptr ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

}  // namespace

#define CUDA_EXPORT extern "C" __attribute__((visibility("default"))) CUresult

CUDA_EXPORT cuInit(unsigned) { return CUDA_ERROR_STUB_LIBRARY; }
CUDA_EXPORT cuDriverGetVersion(int*) { return CUDA_ERROR_STUB_LIBRARY; }
CUDA_EXPORT cuDeviceGetCount(int*) { return CUDA_ERROR_STUB_LIBRARY; }
CUDA_EXPORT cuDeviceGet(int*, int) { return CUDA_ERROR_STUB_LIBRARY; }
CUDA_EXPORT cuGetProcAddress(const char*, void**, int, unsigned long long) { return CUDA_ERROR_STUB_LIBRARY; }
CUDA_EXPORT cuGetProcAddress_v2(const char*, void**, int, unsigned long long, void*) { return CUDA_ERROR_STUB_LIBRARY; }
CUDA_EXPORT cuGetErrorName(int error, const char** name) {
  return say(error, name, "CUDA_ERROR_STUB_LIBRARY", "CUDA_SUCCESS");
}
CUDA_EXPORT cuGetErrorString(int error, const char** text) {
  return say(error, text, "CUDA driver is a stub library", "no error");
}
