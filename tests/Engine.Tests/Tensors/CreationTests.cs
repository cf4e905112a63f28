using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Tensors;

public class CreationTests
{
    [Fact]
    public void Tensor_OfNumbers_KeepsTheirType()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int32, tensor(3).dtype);
        Assert.Equal(ScalarType.Int64, tensor(3L).dtype);
        Assert.Equal(ScalarType.Float32, tensor(3f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(3d).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.ComplexFloat32, tensor(1f, 2f).dtype);
        Assert.Equal(ScalarType.ComplexFloat64, tensor(new Complex(1, 2)).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new double[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new double[] { 1, 2 }, dtype: ScalarType.Float32).dtype);
    }

    [Fact]
    public void Tensor_OfArraysAndLists_KeepsTheirShape()
    {
        using var scope = NewDisposeScope();
        var t = tensor(new[, ,] { { { 1f, 2f }, { 3f, 4f } } });
        Assert.Equal([1, 2, 2], t.shape);
        Assert.Equal(3f, t[0, 1, 0].ToSingle());
        Assert.Equal([2, 2], tensor(new List<int> { 1, 2, 3, 4 }, 2, 2).shape);
        Assert.Equal([4], from_array(new byte[] { 1, 2, 3, 4 }).shape);
        Assert.Equal([2], tensor(new[] { Half.One, Half.Zero }).shape);
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1f }, [2L]));
    }

    [Fact]
    public void FromArray_OfTheSameType_SharesItsMemory()
    {
        using var scope = NewDisposeScope();
        var array = new[,] { { 1f, 2f }, { 3f, 4f } };
        var shared = from_array(array);
        array[0, 1] = 7;
        shared[1, 0] = 8f;
        Assert.Equal(7f, shared[0, 1].ToSingle());
        Assert.Equal(8f, array[1, 0]);
        Assert.Equal(7f, frombuffer(array, ScalarType.Float32, count: 2, offset: 1)[0].ToSingle());

        var copied = tensor(array);
        var converted = from_array(array, ScalarType.Float64);
        array[0, 0] = 9;
        Assert.Equal(1f, copied[0, 0].ToSingle());
        Assert.Equal(1d, converted[0, 0].ToDouble());
        Assert.Equal([0, 3], from_array(new bool[0, 3]).shape);
    }

    [Fact]
    public void FromArray_AfterItsTensors_LetsTheArrayGo()
    {
        var (array, view) = Make();
        GC.Collect();
        Assert.True(array.IsAlive);
        Assert.Equal(2, view.ToInt32());
        view.Dispose();
        GC.Collect();
        Assert.False(array.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static (WeakReference Array, Tensor View) Make()
        {
            var numbers = new[] { 1, 2, 3 };
            using var whole = from_array(numbers);
            return (new(numbers), whole[1]);
        }
    }

    [Fact]
    public void Factories_WithAndWithoutDtype_FollowTheDefault()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([2, 3], zeros(2, 3).shape);
        Assert.Equal([2, 3, 4], ones([2, 3, 4]).shape);
        Assert.Equal(ScalarType.Int64, full(2, 7).dtype);
        Assert.Equal(ScalarType.Float32, full(2, 7.5).dtype);
        Assert.Equal(ScalarType.Int64, arange(5).dtype);
        Assert.Equal([0f, 0.5f, 1f, 1.5f], arange(0, 2, 0.5).data<float>().ToArray());
        Assert.Equal([0f, 5f, 10f], linspace(0, 10, 3).data<float>().ToArray());
        Assert.Equal(3, eye(3).sum().ToSingle());
        Assert.True(zeros(1, requires_grad: true).requires_grad);
        Assert.Throws<NotSupportedException>(() => zeros(1, names: ["batch"]));
    }

    [Fact]
    public void RandomFactories_WithEqualGenerators_DrawTheSame()
    {
        using var scope = NewDisposeScope();
        using var first = new Generator(5);
        using var second = new Generator(5);
        Assert.True(rand(3, 4, generator: first).Equals(rand(3, 4, generator: second)));
        Assert.True(randn([7L], generator: first).Equals(randn([7L], generator: second)));
        Assert.True(randperm(9, generator: first).Equals(randperm(9, generator: second)));
        Assert.True(randint(3, 8, [20L], generator: first).Equals(randint(3, 8, [20L], generator: second)));
        Assert.Equal(randint_long(1000, first), randint_long(1000, second));
    }

    [Fact]
    public void Numbers_BesideTensors_BecomeScalars()
    {
        using var scope = NewDisposeScope();
        var t = ones(2);
        Assert.Equal([2f, 2f], (t + 1).data<float>().ToArray());
        Assert.Equal([0.5f, 0.5f], (t * 0.5).data<float>().ToArray());
        Assert.Equal([1f, 1f], (2 - t).data<float>().ToArray());
        Assert.Equal([3f, 3f], (3.0 / t).data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, (1.0 / t).dtype);
        Assert.Equal([true, true], (t == 1).data<bool>().ToArray());
        Assert.Equal([false, false], (2 <= t).data<bool>().ToArray());
        Assert.Equal([0f, 0.5f], tensor(new[] { -1f, 0.5f }).clamp(0, 1).data<float>().ToArray());
    }

    [Fact]
    public void Quotient_OfANumberByATensor_HasAGradient()
    {
        using var scope = NewDisposeScope();
        var t = tensor(4f, requires_grad: true);
        var quotient = 2 / t;
        Assert.True(quotient.requires_grad);
        Assert.Equal(0.5f, quotient.ToSingle());
    }

    [Fact]
    public void Results_InAnotherTypeOrPlace_LeaveNothingBehind()
    {
        using var scope = NewDisposeScope();
        var t = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        var target = empty(0);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (t.std(0, type: ScalarType.Float64)) { }
        t.amax([1L], false, target);
        using (5 / t) { }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal([2f, 5f], target.data<float>().ToArray());
    }
}
