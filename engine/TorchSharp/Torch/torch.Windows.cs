using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Window functions.
    public static Tensor bartlett_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(aten("bartlett_window.periodic", len, periodic, dtype ?? _defaultDtype, Value.None, InitializeDevice(device)), requires_grad);
    public static Tensor blackman_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(aten("blackman_window.periodic", len, periodic, dtype ?? _defaultDtype, Value.None, InitializeDevice(device)), requires_grad);
    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(aten("hann_window.periodic", len, periodic, dtype ?? _defaultDtype, Value.None, InitializeDevice(device)), requires_grad);
    public static Tensor hamming_window(long len, bool periodic = true, float alpha = 0.54f, float beta = 0.46f, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(aten("hamming_window.periodic_alpha_beta", len, periodic, alpha, beta, dtype ?? _defaultDtype, Value.None, InitializeDevice(device)), requires_grad);
    public static Tensor kaiser_window(long len, bool periodic = true, float beta = 12, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(aten("kaiser_window.beta", len, periodic, beta, dtype ?? _defaultDtype, Value.None, InitializeDevice(device)), requires_grad);
}
