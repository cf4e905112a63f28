using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Disposes of every tensor that was made on its thread while it was the innermost scope, unless the tensor was moved or
/// detached before. Scopes nest; <see cref="torch.NewDisposeScope"/> opens one.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    // A tensor knows its place in the list, so adding and removing it costs no look-up; a removed one leaves a hole.
    private List<Tensor?> _tensors = [];
    private HashSet<IDisposable>? _rest;
    private int _tensorCount;
    private bool _disposed;

    internal DisposeScope(DisposeScopeManager manager) => (_manager, OuterScope) = (manager, manager.CurrentDisposeScope);

    internal DisposeScope? OuterScope { get; set; }

    /// <summary>A copy of what the scope holds now.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ThrowIfDisposed();
            return [.. _tensors.Where(tensor => tensor is not null).Cast<IDisposable>(), .. _rest ?? []];
        }
    }

    /// <summary>How many disposables the scope holds now.</summary>
    public int DisposablesCount
    {
        get
        {
            ThrowIfDisposed();
            return _tensorCount + (_rest?.Count ?? 0);
        }
    }

    internal void Add(Tensor tensor)
    {
        tensor.ScopeIndex = _tensors.Count;
        tensor.OwningDisposeScope = this;
        _tensors.Add(tensor);
        _tensorCount++;
    }

    private bool Remove(IDisposable disposable)
    {
        if (disposable is not Tensor tensor) return _rest?.Remove(disposable) ?? false;
        if (!ReferenceEquals(tensor.OwningDisposeScope, this)) return false;
        tensor.OwningDisposeScope = null;
        _tensors[tensor.ScopeIndex] = null;
        _tensorCount--;
        // Tensors die mostly in the order opposite to their making: the tail of holes is given back at once.
        while (_tensors.Count > 0 && _tensors[^1] is null) _tensors.RemoveAt(_tensors.Count - 1);
        return true;
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => MoveToOther(OuterScope, first, second);
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => MoveToOther(OuterScope, first, second, third);
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Move(scope, disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        Move(scope, first);
        Move(scope, second);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        Move(scope, first);
        Move(scope, second);
        Move(scope, third);
        return (first, second, third);
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Move(scope, disposable);
    }

    // Into no scope at all is a detachment, and is counted as one; a move between scopes is not counted.
    private void Move(DisposeScope? scope, IDisposable disposable)
    {
        ThrowIfDisposed();
        if (scope is null) DetachOne(disposable);
        else if (Remove(disposable)) scope.Hold(disposable);
    }

    private void Hold(IDisposable disposable)
    {
        if (disposable is Tensor tensor) Add(tensor);
        else (_rest ??= new(ReferenceEqualityComparer.Instance)).Add(disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        DetachOne(disposable);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DetachOne(first);
        DetachOne(second);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DetachOne(first);
        DetachOne(second);
        DetachOne(third);
        return (first, second, third);
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) DetachOne(disposable);
    }

    private void DetachOne(IDisposable disposable)
    {
        ThrowIfDisposed();
        if (Remove(disposable) && disposable is Tensor) _manager.StatisticsInstance.TensorStatistics.DetachedFromScopeCount++;
    }

    public void Attach(IDisposable disposable)
    {
        ThrowIfDisposed();
        if (disposable is Tensor tensor)
        {
            if (ReferenceEquals(tensor.OwningDisposeScope, this)) return;
            if (tensor.OwningDisposeScope is { } owner) owner.Remove(tensor);
            else _manager.StatisticsInstance.TensorStatistics.AttachedToScopeCount++;
        }
        Hold(disposable);
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var attached = disposables as IReadOnlyList<IDisposable> ?? [.. disposables];
        foreach (var disposable in attached) Attach(disposable);
        return attached;
    }

    /// <summary>Disposes of everything that the scope holds now; it stays open.</summary>
    public void DisposeEverything()
    {
        ThrowIfDisposed();
        var tensors = _tensors;
        _tensors = [];
        _tensorCount = 0;
        var statistics = _manager.StatisticsInstance.TensorStatistics;
        foreach (var tensor in tensors)
        {
            if (tensor is null) continue;
            statistics.DisposedInScopeCount++;
            tensor.OwningDisposeScope = null;
            tensor.DisposeOwnedByScope();
        }
        if (_rest is null) return;
        var rest = _rest;
        _rest = null;
        foreach (var disposable in rest) disposable.Dispose();
    }

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ThrowIfDisposed();
        var keep = inKeep.Where(Remove).ToList();
        DisposeEverything();
        foreach (var disposable in keep) Hold(disposable);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
    }

    /// <summary>Drops a disposable that was disposed of elsewhere.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        ThrowIfDisposed();
        Remove(disposable);
    }

    /// <summary>Whether the scope holds this disposable now.</summary>
    public bool Contains(IDisposable disposable)
    {
        ThrowIfDisposed();
        return disposable is Tensor tensor ? ReferenceEquals(tensor.OwningDisposeScope, this) : _rest?.Contains(disposable) ?? false;
    }

    public void Dispose()
    {
        if (_disposed) return;
        DisposeEverything();
        _disposed = true;
        _manager.Close(this);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);
}
