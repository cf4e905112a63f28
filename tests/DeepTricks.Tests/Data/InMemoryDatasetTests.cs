using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data;

public sealed class InMemoryDatasetTests
{
    [Fact]
    public void Constructor_TensorsOfAScope_TakesThemOutOfIt()
    {
        InMemoryDataset dataset;
        using (NewDisposeScope())
        {
            dataset = new(zeros(4, 2), zeros(4));
        }

        Assert.Equal(4, dataset.Count);
        Assert.False(dataset.Inputs.IsInvalid);

        dataset.Dispose();

        Assert.True(dataset.Inputs.IsInvalid);
        Assert.True(dataset.Targets!.IsInvalid);
    }

    [Fact]
    public void Slice_SomeSamples_HasMemoryOfItsOwn()
    {
        using var dataset = new InMemoryDataset(arange(10, dtype: ScalarType.Float32).reshape(5, 2), arange(5, dtype: ScalarType.Int64));

        using var slice = dataset.Slice(1, 2);
        slice.Inputs.zero_();

        Assert.Equal([1L, 2L], slice.Targets!.data<long>().ToArray());
        Assert.Equal([2f, 3f, 4f, 5f], dataset.Inputs.data<float>().ToArray()[2..6]);
    }

    [Fact]
    public void Slice_Unlabelled_StaysUnlabelled()
    {
        using var dataset = new InMemoryDataset(zeros(5, 2));
        using var slice = dataset.Slice(0, 5);

        Assert.Null(slice.Targets);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var dataset = new InMemoryDataset(zeros(5, 2));

        Assert.Throws<ArgumentException>("targets", () => new InMemoryDataset(zeros(3, 2), zeros(2)));
        Assert.Throws<ArgumentException>("inputs", () => new InMemoryDataset(tensor(1f)));
        Assert.Throws<ArgumentOutOfRangeException>("start", () => dataset.Slice(6, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => dataset.Slice(4, 2));
    }
}
