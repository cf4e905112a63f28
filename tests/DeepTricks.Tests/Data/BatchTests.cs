using DeepTricks.Data;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Data;

public sealed class BatchTests
{
    [Fact]
    public void Constructor_TensorsOfAScope_TakesThemOutOfIt()
    {
        Batch batch;
        using (NewDisposeScope())
        {
            batch = new(zeros(2, 3), zeros(2), new long[] { 4, 5 });
        }

        Assert.False(batch.Input.IsInvalid);
        Assert.Equal(2, batch.Count);

        batch.Dispose();
        batch.Dispose();

        Assert.True(batch.Input.IsInvalid);
        Assert.True(batch.Target!.IsInvalid);
    }

    [Fact]
    public void Constructor_RowsThatDiffer_NamesTheParameter()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>("input", () => new Batch(zeros(3, 2), null, new long[2]));
        Assert.Throws<ArgumentException>("target", () => new Batch(zeros(2, 2), zeros(3), new long[2]));
        Assert.Throws<ArgumentException>("input", () => new Batch(tensor(1f), null, new long[1]));
    }
}
