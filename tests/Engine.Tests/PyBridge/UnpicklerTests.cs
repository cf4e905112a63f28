using System.Collections;
using System.Numerics;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Engine.Tests.PyBridge;

public class UnpicklerTests
{
    private static Hashtable Read(string file) => PyTorchUnpickler.UnpickleStateDict(SampleModel.PathOf(file));

    [Fact]
    public void UnpickleStateDict_Checkpoint_HasEveryValue()
    {
        using var scope = NewDisposeScope();
        var checkpoint = Read("checkpoint.pth");
        Assert.Equal(7, checkpoint["int"]);
        Assert.Equal(1L << 40, checkpoint["long"]);
        Assert.Equal(BigInteger.One << 70, checkpoint["huge"]);
        Assert.Equal(-3, checkpoint["negative"]);
        Assert.Equal(0.1, checkpoint["float"]);
        Assert.Null(checkpoint["none"]);
        Assert.Equal(true, checkpoint["true"]);
        Assert.Equal("grüß", checkpoint["text"]);
        Assert.Equal([1, "a"], Assert.IsType<object[]>(checkpoint["tuple"]));
        Assert.Equal(2, Assert.IsType<ArrayList>(Assert.IsType<ArrayList>(checkpoint["list"])[1])[0]);
        Assert.Equal([0, 255], Assert.IsType<byte[]>(checkpoint["bytes"]));
        Assert.Equal([2, 3], Assert.IsType<object[]>(checkpoint["size"]));
        var nested = Assert.IsType<Hashtable>(checkpoint["nested"]);
        Assert.Equal(3, nested["epoch"]);
        using var filled = SampleModel.Filled();
        SampleModel.AssertEqual(filled.state_dict(), ((Hashtable)nested["model"]!).Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (Tensor)entry.Value!));
    }

    [Fact]
    public void UnpickleStateDict_Views_AreThoseOfTheFileAndShareMemory()
    {
        using var scope = NewDisposeScope();
        var views = Read("views.pth");
        Tensor View(string name) => (Tensor)views[name]!;
        Assert.Equal(Enumerable.Range(4, 8).Select(value => (float)value), View("rows").contiguous().data<float>().ToArray());
        Assert.Equal([0, 4, 8, 1], View("turned").contiguous().data<float>().ToArray()[..4]);
        Assert.Equal([4, 3], View("turned").shape);
        Assert.Equal([0, 4], View("empty").shape);
        Assert.Equal(11, View("number").item<float>());
        View("whole").fill_(5);
        Assert.Equal(5, View("again").sum().item<float>() / 12);
        Assert.Equal(5, View("number").item<float>());
    }

    [Fact]
    public void UnpickleStateDict_EveryElementType_IsRead()
    {
        using var scope = NewDisposeScope();
        var types = Read("types.pth");
        var expected = new Dictionary<string, ScalarType>
        {
            ["float64"] = ScalarType.Float64,
            ["float32"] = ScalarType.Float32,
            ["float16"] = ScalarType.Float16,
            ["bfloat16"] = ScalarType.BFloat16,
            ["int64"] = ScalarType.Int64,
            ["int32"] = ScalarType.Int32,
            ["int16"] = ScalarType.Int16,
            ["int8"] = ScalarType.Int8,
            ["uint8"] = ScalarType.Byte,
            ["bool"] = ScalarType.Bool,
            ["complex64"] = ScalarType.ComplexFloat32,
            ["complex128"] = ScalarType.ComplexFloat64,
        };
        foreach (var (name, type) in expected)
        {
            var tensor = Assert.IsAssignableFrom<Tensor>(types[name]);
            Assert.Equal(type, tensor.dtype);
            Assert.Equal(arange(3).to(type).bytes.ToArray(), tensor.bytes.ToArray());
        }

        using var file = new MemoryStream();
        PyTorchPickler.PickleStateDict(file, types, leaveOpen: true);
        var again = PyTorchUnpickler.UnpickleStateDict(file);
        Assert.All(expected.Keys, name => Assert.Equal(((Tensor)types[name]!).bytes.ToArray(), ((Tensor)again[name]!).bytes.ToArray()));
    }

    [Fact]
    public void PickleStateDict_ViewsAndSharedTensors_KeepValuesAndSharing()
    {
        using var scope = NewDisposeScope();
        var whole = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        using var file = new MemoryStream();
        PyTorchPickler.PickleStateDict(file, new Hashtable { ["turned"] = whole.t(), ["row"] = whole[1], ["first"] = whole, ["second"] = whole }, leaveOpen: true);
        var read = PyTorchUnpickler.UnpickleStateDict(file);
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], ((Tensor)read["turned"]!).data<float>().ToArray());
        Assert.Equal([4, 5, 6, 7], ((Tensor)read["row"]!).data<float>().ToArray());
        ((Tensor)read["first"]!).zero_();
        Assert.Equal(0, ((Tensor)read["second"]!).sum().item<float>());
    }

    [Fact]
    public void PickleStateDict_PlainValues_AreReadAgain()
    {
        var values = new Hashtable { ["list"] = new ArrayList { 1, -2, 300, 1L << 40, 0.25, true, null, "ä" }, ["tuple"] = new object?[] { 0.9, 0.999 }, [3] = "number as key" };
        using var file = new MemoryStream();
        PyTorchPickler.PickleStateDict(file, values, leaveOpen: true);
        var read = PyTorchUnpickler.UnpickleStateDict(file);
        Assert.Equal([1, -2, 300, 1L << 40, 0.25, true, null, "ä"], Assert.IsType<ArrayList>(read["list"]).Cast<object?>());
        Assert.Equal([0.9, 0.999], Assert.IsType<object?[]>(read["tuple"]));
        Assert.Equal("number as key", read[3]);
    }

    [Fact]
    public void UnpickleStateDict_FileThatRunsCode_IsRefused() =>
        Assert.Contains("posix.system", Assert.Throws<NotSupportedException>(() => Read("command.pth")).Message);

    [Theory]
    [InlineData("beyond.pth", "beyond the end")]
    [InlineData("short.pth", "bytes")]
    public void UnpickleStateDict_TensorOutsideItsStorage_IsRefused(string file, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => Read(file)).Message);

    [Fact]
    public void UnpickleStateDict_FormatBefore16_SaysSo() =>
        Assert.Contains("1.6", Assert.Throws<NotImplementedException>(() => Read("legacy.pth")).Message);

    [Fact]
    public void UnpickleStateDict_EveryTruncation_IsAnErrorOfTheFile()
    {
        var whole = File.ReadAllBytes(SampleModel.PathOf("adam.pth"));
        for (var length = 0; length < whole.Length; length += 37)
        {
            var error = Record.Exception(() => PyTorchUnpickler.UnpickleStateDict(new MemoryStream(whole, 0, length)));
            Assert.True(error is InvalidDataException or NotImplementedException or EndOfStreamException, $"{length}: {error}");
        }
    }

    [Fact]
    public void LoadStateDict_TensorBeyondTheFile_IsRefused() =>
        Assert.Contains("0.weight", Assert.Throws<InvalidDataException>(() => Safetensors.LoadStateDict(SampleModel.PathOf("beyond.safetensors"))).Message);

    [Fact]
    public void LoadStateDict_KeysToKeep_ReadsThoseAlone()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(["2.bias"], Safetensors.LoadStateDict(SampleModel.PathOf("model.safetensors"), ["2.bias"]).Keys);
    }
}
