using DeepTricks.Checkpoints;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Checkpoints;

public sealed class ModuleLoadingTests : IDisposable
{
    private readonly Fixtures.Net _module = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pth");

    [Theory]
    [InlineData("state.pth")]
    [InlineData("state-old.pth")]
    [InlineData("module.pth")]
    [InlineData("unaligned.pth")]
    [InlineData("state.safetensors")]
    [InlineData("sharded")]
    [InlineData("sharded-bin")]
    public void LoadInto_AStateDictionaryOfPyTorch_SetsEveryBitAndKeepsWhatIsTrained(string name)
    {
        _module.get_parameter("conv.bias")!.requires_grad = false;

        var report = Load(name);

        Assert.Equal(_module.state_dict().Keys.Order(), report.Loaded.Order());
        var loaded = _module.Snapshot();
        foreach (var (tensor, expected) in Fixtures.Tensors(name))
            Assert.True(expected.Bytes.AsSpan().SequenceEqual(loaded[tensor]), tensor);
        Assert.False(_module.get_parameter("conv.bias")!.requires_grad);
        Assert.True(_module.get_parameter("conv.weight")!.requires_grad);
    }

    [Fact]
    public void LoadInto_NamesOfDataParallel_NeedsTheMapAndSaysSo()
    {
        var before = _module.Snapshot();

        var error = Assert.Throws<CheckpointLoadException>(() => Load("nested.pth"));
        Assert.Equal(before, _module.Snapshot());
        Assert.Equal((9, 9), (error.Report.Missing.Count, error.Report.Unexpected.Count));
        Assert.Contains("unexpected  module.conv.weight", error.Message);

        var report = Load("nested.pth", new() { Names = NameMap.Identity.StripPrefix("module.") });
        Assert.Equal(9, report.Loaded.Count);
        Assert.Contains(("module.conv.weight", "conv.weight"), report.Remapped);
        Assert.NotEqual(before, _module.Snapshot());
    }

    [Fact]
    public void LoadInto_AnotherShape_ChangesNothingAndShowsBoth()
    {
        Save(("conv.weight", zeros(4, 3, 3, 3)), ("conv.bias", zeros(5)));
        var before = _module.Snapshot();
        using var file = CheckpointFile.Open(_path);

        var error = Assert.Throws<CheckpointLoadException>(() => file.LoadInto(_module, new() { Strict = false }));

        Assert.Equal(before, _module.Snapshot());
        Assert.Contains("misshapen   conv.bias", error.Message);
        Assert.Contains("[5] in the file, [4] in the module", error.Message);

        var report = file.LoadInto(_module, new() { Strict = false, LeaveMisshapen = true });
        Assert.Equal(["conv.weight"], report.Loaded);
        Assert.Equal("conv.bias", Assert.Single(report.Misshapen).Name);
        Assert.Equal(before["conv.bias"], _module.Snapshot()["conv.bias"]);
        Assert.NotEqual(before["conv.weight"], _module.Snapshot()["conv.weight"]);
    }

    [Fact]
    public void LoadInto_PartOfAModel_ReportsTheRest()
    {
        Save(("conv.weight", zeros(4, 3, 3, 3)), ("fc.weight", zeros(2)));
        using var file = CheckpointFile.Open(_path);

        Assert.Throws<CheckpointLoadException>(() => file.LoadInto(_module));
        var report = file.LoadInto(_module, new() { Strict = false, Skip = ["bn.*"] });

        Assert.Equal(["conv.weight"], report.Loaded);
        Assert.Equal(["fc.weight"], report.Unexpected);
        Assert.Equal(["conv.bias", "head.1.bias", "head.1.weight"], report.Missing.Order());
        Assert.Equal(5, report.Skipped.Count);
    }

    [Fact]
    public void LoadInto_Skip_LeavesTheTensorThoughTheFileHasIt()
    {
        var before = _module.Snapshot();

        var report = Load("state.pth", new() { Skip = ["head.*", "*.num_batches_tracked"] });

        Assert.Equal(["bn.num_batches_tracked", "head.1.bias", "head.1.weight"], report.Skipped.Order());
        Assert.Empty(report.Unexpected);
        Assert.Equal(before["head.1.weight"], _module.Snapshot()["head.1.weight"]);
        Assert.NotEqual(before["conv.weight"], _module.Snapshot()["conv.weight"]);
    }

    [CudaFact]
    public void LoadInto_AModuleOnCuda_SetsEveryBitThere()
    {
        _module.cuda();

        Load("state.pth");

        foreach (var (name, tensor) in _module.state_dict())
        {
            using var copy = tensor.cpu();
            Assert.Equal(DeviceType.CUDA, tensor.device_type);
            Assert.True(Fixtures.Tensors("state.pth")[name].Bytes.AsSpan().SequenceEqual(Fixtures.Bytes(copy)), name);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32, true)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32, true)]
    [InlineData(ScalarType.Float32, ScalarType.Float64, true)]
    [InlineData(ScalarType.Byte, ScalarType.BFloat16, true)]
    [InlineData(ScalarType.Int32, ScalarType.Float32, false)]
    [InlineData(ScalarType.Int64, ScalarType.Float64, false)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16, false)]
    [InlineData(ScalarType.Float64, ScalarType.Float32, false)]
    [InlineData(ScalarType.Int8, ScalarType.Byte, false)]
    public void LoadInto_AnotherType_ConvertsOnlyAsAllowed(ScalarType inFile, ScalarType inModule, bool widens)
    {
        using var scope = NewDisposeScope();
        Save(("value", tensor((float[])[1, 2, 3]).to(inFile)));
        using var module = new Holder(zeros(3, dtype: inModule));
        using var file = CheckpointFile.Open(_path);

        var error = Assert.Throws<CheckpointLoadException>(() => file.LoadInto(module));
        Assert.Contains($"{inFile} in the file, {inModule} in the module", error.Message);
        if (widens)
            file.LoadInto(module, new() { Types = CheckpointTypes.Widen });
        else
            Assert.Throws<CheckpointLoadException>(() => file.LoadInto(module, new() { Types = CheckpointTypes.Widen }));
        var report = file.LoadInto(module, new() { Types = CheckpointTypes.Convert });

        Assert.Equal(inModule, Assert.Single(report.Converted).ModuleType);
        Assert.Equal([1f, 2f, 3f], module.Value.to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal(inModule, module.Value.dtype);
    }

    [Fact]
    public void LoadInto_TwoNamesThatBecomeOne_IsAmbiguous()
    {
        Save(("a.value", zeros(3)), ("b.value", ones(3)));
        using var module = new Holder(zeros(3));
        using var file = CheckpointFile.Open(_path);

        var error = Assert.Throws<CheckpointLoadException>(() => file.LoadInto(module, new() { Names = NameMap.Identity.StripPrefix("a.").StripPrefix("b.") }));

        Assert.Equal([("b.value", "value")], error.Report.Ambiguous);
    }

    [Fact]
    public void LoadInto_ADamagedRecordAtTheEnd_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        var bytes = File.ReadAllBytes(Fixtures.At("deflated.pth"));
        using var whole = CheckpointFile.Open(Fixtures.At("deflated.pth"));
        using var module = new Holder(whole.ReadAll().ToDictionary(pair => pair.Key, pair => zeros_like(pair.Value).contiguous()));
        whole.LoadInto(module);
        var record = (int)whole.Stored(whole.Entries[^1].Name).Bytes.Start;
        bytes[record] ^= 0xff;
        File.WriteAllBytes(_path, bytes);
        var before = module.state_dict().ToDictionary(pair => pair.Key, pair => Fixtures.Bytes(pair.Value.zero_()));
        using var file = CheckpointFile.Open(_path);

        Assert.Throws<InvalidDataException>(() => file.LoadInto(module));

        Assert.Equal(before, module.state_dict().ToDictionary(pair => pair.Key, pair => Fixtures.Bytes(pair.Value)));
    }

    public void Dispose()
    {
        _module.Dispose();
        File.Delete(_path);
    }

    private CheckpointLoadReport Load(string name, CheckpointLoadOptions? options = null)
    {
        using var file = CheckpointFile.Open(Fixtures.At(name));
        return file.LoadInto(_module, options);
    }

    private void Save(params (string Name, Tensor Value)[] tensors)
    {
        PyTorchFile.Save(_path, tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Value)));
        foreach (var (_, value) in tensors)
            value.Dispose();
    }

    /// <summary>Buffers of any dtype.</summary>
    private sealed class Holder : nn.Module
    {
        internal Holder(Tensor value) : this(new Dictionary<string, Tensor> { ["value"] = value }) => Value = value;

        internal Holder(Dictionary<string, Tensor> buffers) : base(nameof(Holder))
        {
            foreach (var (name, buffer) in buffers)
                register_buffer(name, buffer);
        }

        internal Tensor Value { get; } = null!;
    }
}
