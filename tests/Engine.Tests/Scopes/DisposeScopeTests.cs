using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Scopes;

public class DisposeScopeTests
{
    [Fact]
    public void Scope_Closed_DisposesOfWhatWasMadeInIt()
    {
        Tensor inside;
        using (NewDisposeScope()) inside = ones(2).mul(3);
        Assert.True(inside.IsInvalid);
    }

    [Fact]
    public void Scopes_Nested_EachHoldTheirOwn()
    {
        using var outer = NewDisposeScope();
        var a = ones(2);
        Tensor b;
        using (var inner = NewDisposeScope())
        {
            b = ones(2);
            Assert.Same(inner, CurrentDisposeScope);
            Assert.True(inner.Contains(b));
            Assert.False(inner.Contains(a));
            Assert.Equal(1, inner.DisposablesCount);
        }
        Assert.Same(outer, CurrentDisposeScope);
        Assert.True(b.IsInvalid);
        Assert.False(a.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_FromTheInnermost_SurvivesItsScope()
    {
        using var outer = NewDisposeScope();
        Tensor kept;
        using (NewDisposeScope()) kept = ones(2).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        Assert.True(outer.Contains(kept));
    }

    [Fact]
    public void MoveToOuter_WithoutAnOuterScope_DetachesTheTensor()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = ones(2).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void Detach_ThenAttach_ChangesTheOwner()
    {
        Tensor detached, attached = ones(2);
        using (var scope = NewDisposeScope())
        {
            detached = ones(2).DetachFromDisposeScope();
            scope.Attach(attached);
        }
        Assert.False(detached.IsInvalid);
        Assert.True(attached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void MoveToOther_BetweenScopes_FollowsTheOther()
    {
        using var first = NewDisposeScope();
        var anchor = ones(1);
        Tensor moved;
        using (NewDisposeScope()) moved = ones(2).MoveToOtherDisposeScope(anchor);
        Assert.True(first.Contains(moved));
        Assert.False(moved.IsInvalid);
    }

    [Fact]
    public void DisposeEverythingBut_OfOne_KeepsItInTheScope()
    {
        using var scope = NewDisposeScope();
        var (kept, dropped) = (ones(2), ones(2));
        scope.DisposeEverythingBut(kept);
        Assert.True(dropped.IsInvalid);
        Assert.False(kept.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Dispose_ByHandInAScope_TakesTheTensorOutOfIt()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(2);
        tensor.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
        tensor.Dispose();
    }

    [Fact]
    public void WrappedScope_OfAnExpression_LetsOnlyTheResultOut()
    {
        using var outer = NewDisposeScope();
        using var x = ones(3);
        var before = outer.DisposablesCount;
        var result = WrappedTensorDisposeScope(() => x.add(1).mul(2).sum());
        Assert.Equal(before + 1, outer.DisposablesCount);
        Assert.Equal(12, result.item<float>());
    }

    [Fact]
    public void Scope_AfterAnException_IsClosed()
    {
        var outer = CurrentDisposeScope;
        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using var scope = NewDisposeScope();
            throw new InvalidOperationException();
        }));
        Assert.Same(outer, CurrentDisposeScope);
    }

    [Fact]
    public void Scope_AfterItsEnd_IsUsableNoMore()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }

    [Fact]
    public void Statistics_OfAThread_CountEachStep()
    {
        // A thread of its own starts with nothing counted.
        OnAThreadOfItsOwn(() =>
        {
            var statistics = DisposeScopeManager.Statistics.TensorStatistics;
            var free = ones(1);
            Assert.Equal(1, statistics.CreatedOutsideScopeCount);
            using (var scope = NewDisposeScope())
            {
                ones(1).add(1);
                var detached = ones(1).DetachFromDisposeScope();
                scope.Attach(free);
                Assert.Equal((3L, 1L, 1L), (statistics.CreatedInScopeCount, statistics.DetachedFromScopeCount, statistics.AttachedToScopeCount));
                detached.Dispose();
                Assert.Equal(1, statistics.DisposedOutsideScopeCount);
            }
            Assert.Equal(3, statistics.DisposedInScopeCount);
            Assert.Equal(0, statistics.ThreadTotalLiveCount);
            DisposeScopeManager.Statistics.Reset();
            Assert.Equal(0, statistics.CreatedInScopeCount);
        });
    }

    [Fact]
    public void Scopes_OfTwoThreads_AreApart()
    {
        using var scope = NewDisposeScope();
        var mine = ones(1);
        OnAThreadOfItsOwn(() =>
        {
            Assert.Null(CurrentDisposeScope);
            using var other = NewDisposeScope();
            ones(1);
            Assert.Equal(1, other.DisposablesCount);
        });
        Assert.Equal(1, scope.DisposablesCount);
        Assert.False(mine.IsInvalid);
    }

    /// <summary>Runs on a thread of its own and brings its exception here.</summary>
    private static void OnAThreadOfItsOwn(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();
}
