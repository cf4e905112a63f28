using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Training;

public sealed class CallbackStateTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void Load_EveryKindOfValue_ComesBackToTheLastBit()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        _ = rand([10], generator: generator);
        using (var content = new CheckpointContent())
        {
            var state = content.Section("mine");
            state.Set("text", "a\n\"b\"");
            state.Set("count", long.MinValue);
            state.Set("nan", double.NaN);
            state.Set("third", 1.0 / 3);
            state.Set("yes", true);
            state.Set("tensor", arange(4));
            state.Set("generator", generator);
            content.Save(_path);
        }
        var expected = rand([3], generator: generator);

        using var loaded = CheckpointContent.Load(_path);
        var back = loaded.Section("mine");
        Assert.Equal("a\n\"b\"", back.GetString("text"));
        Assert.Equal(long.MinValue, back.GetInt64("count"));
        Assert.Equal(double.NaN, back.GetDouble("nan"));
        Assert.Equal(1.0 / 3, back.GetDouble("third"));
        Assert.True(back.GetBoolean("yes"));
        Assert.Equal([0, 1, 2, 3], back.GetTensor("tensor").data<long>().ToArray());
        using var other = new Generator(99);
        back.Restore("generator", other);
        Assert.Equal(expected.data<float>().ToArray(), rand([3], generator: other).data<float>().ToArray());
    }

    [Fact]
    public void Get_AMissingName_ThrowsAndNamesIt()
    {
        using var content = new CheckpointContent();
        var state = content.Section("mine");
        state.Set("text", "words");

        Assert.Equal("The checkpoint has no text \"mine.other\".", Assert.Throws<InvalidDataException>(() => state.GetString("other")).Message);
        Assert.Equal("The checkpoint has no whole number \"mine.text\".", Assert.Throws<InvalidDataException>(() => state.GetInt64("text")).Message);
        Assert.False(state.Contains("other"));
    }

    [Fact]
    public void CopyTo_AnotherShape_ThrowsAndNamesBoth()
    {
        using var scope = NewDisposeScope();
        using var content = new CheckpointContent();
        var state = content.Section("mine");
        state.Set("tensor", zeros(2, 3));

        Assert.Equal("The checkpoint has \"mine.tensor\" in the shape [2, 3]; expected is [3, 2].",
            Assert.Throws<InvalidDataException>(() => state.CopyTo("tensor", zeros(3, 2))).Message);
    }

    public void Dispose() => File.Delete(_path);
}
