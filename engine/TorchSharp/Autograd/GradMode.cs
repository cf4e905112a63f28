using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_grad_enabled() => NativeMethods.engine_grad_mode() != 0;
    public static bool is_inference_mode_enabled() => NativeMethods.engine_inference_mode() != 0;

    /// <summary>Until disposed of: this thread's operators record nothing for a backward pass.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Until disposed of: as <see cref="no_grad"/>, and new tensors can never take part in one.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradMode : IDisposable
    {
        private readonly int _before = NativeMethods.engine_grad_mode();
        private bool _disposed;

        public GradMode(bool enabled) => NativeMethods.engine_set_grad_mode(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            NativeMethods.engine_set_grad_mode(_before);
        }
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = NativeMethods.engine_inference_guard(enabled ? 1 : 0);

        public void Dispose()
        {
            if (_guard != 0) NativeMethods.engine_inference_guard_free(_guard);
            _guard = 0;
        }
    }
}

/// <summary>Until disposed of: a backward pass checks for NaN and says in which function it arose.</summary>
public class AnomalyMode : IDisposable
{
    private readonly int _before = NativeMethods.engine_anomaly_mode();

    public AnomalyMode(bool enabled, bool check_nan = true) => NativeMethods.engine_set_anomaly_mode(enabled ? 1 : 0, check_nan ? 1 : 0);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => NativeMethods.engine_set_anomaly_mode(_before, 1);
}
