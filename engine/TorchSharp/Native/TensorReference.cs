namespace TorchSharp.Native;

/// <summary>
/// The reference that a tensor holds on its native part: it frees it where nobody has disposed of the tensor. To make an object
/// with a finaliser costs several times as much as to make one without, so a reference that was given back serves the next tensor.
/// </summary>
internal sealed class TensorReference
{
    private const int MostSpares = 1024;

    private static long _count;
    private static long _peakCount;

    // A collection makes the objects older that outlive it, and what hangs on an old object is freed late. So spares are only
    // those that were made since the last one: a tensor that is dropped goes as early as if it had a reference of its own.
    [ThreadStatic] private static Stack<TensorReference>? _spares;
    [ThreadStatic] private static int _sparesMade;
    private readonly int _made;

    private TensorReference(int made) => _made = made;

    ~TensorReference()
    {
        if (Handle != 0) Free();
    }

    /// <summary>References in use, over all threads.</summary>
    public static long Count => _count;

    /// <summary>The most that were in use at one time.</summary>
    public static long PeakCount => _peakCount;

    /// <summary>The native tensor; 0 for none.</summary>
    public nint Handle { get; private set; }

    /// <summary>Takes over a native tensor.</summary>
    public static TensorReference To(nint handle)
    {
        var count = Interlocked.Increment(ref _count);
        if (count > _peakCount) _peakCount = count;
        var reference = Spare();
        reference.Handle = handle;
        return reference;
    }

    /// <summary>Frees the native tensor; the reference must not be used afterwards.</summary>
    public void Release()
    {
        Free();
        Keep();
    }

    /// <summary>Gives the native tensor away; the reference must not be used afterwards.</summary>
    public void Move()
    {
        Interlocked.Decrement(ref _count);
        Handle = 0;
        Keep();
    }

    private void Free()
    {
        Interlocked.Decrement(ref _count);
        NativeMethods.engine_tensor_free(Handle);
        Handle = 0;
    }

    private static TensorReference Spare()
    {
        var now = GC.CollectionCount(0);
        if (_spares is not { Count: > 0 } spares) return new(now);
        if (_sparesMade == now) return spares.Pop();
        foreach (var old in spares) GC.SuppressFinalize(old);
        spares.Clear();
        return new(now);
    }

    private void Keep()
    {
        var spares = _spares ??= new();
        if (spares.Count == 0) _sparesMade = _made;
        if (_sparesMade == _made && spares.Count < MostSpares) spares.Push(this);
        else GC.SuppressFinalize(this);
    }
}
