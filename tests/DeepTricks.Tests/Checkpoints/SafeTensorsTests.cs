using System.Buffers.Binary;
using System.Text;
using DeepTricks.Checkpoints;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Checkpoints;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void Load_WhatSaveWrote_IsEqualInNamesShapesTypesAndBytes()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["weight"] = arange(12, dtype: ScalarType.Float32).reshape(3, 4).t(),
            ["flags"] = tensor((bool[])[true, false, true]),
            ["count"] = tensor(7L),
            ["empty"] = zeros(0, 5),
            ["half"] = arange(3, dtype: ScalarType.Float32).to(ScalarType.Float16),
            ["brain"] = arange(3, dtype: ScalarType.Float32).to(ScalarType.BFloat16),
            ["exact"] = tensor(Math.PI),
            ["bytes"] = tensor((byte[])[1, 2, 255]),
        };

        SafeTensors.Save(_path, tensors, new Dictionary<string, string> { ["note"] = "\"grün\"" });
        using var content = SafeTensors.Load(_path);

        Assert.Equal("\"grün\"", content.Metadata["note"]);
        Assert.Equal(tensors.Keys.Order(), content.Tensors.Keys.Order());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.shape, content.Tensors[name].shape);
            Assert.Equal(tensor.dtype, content.Tensors[name].dtype);
            Assert.True(tensor.contiguous().bytes.SequenceEqual(content.Tensors[name].bytes), name);
        }
    }

    [Fact]
    public void Load_InAScope_GivesTensorsThatOutliveIt()
    {
        using var value = tensor((float[])[1, -2]);
        SafeTensors.Save(_path, new Dictionary<string, Tensor> { ["a"] = value });

        SafeTensorsContent content;
        using (NewDisposeScope())
            content = SafeTensors.Load(_path);

        using (content)
            Assert.Equal([1f, -2f], content.Tensors["a"].data<float>().ToArray());
    }

    [Fact]
    public void Save_OneTensor_WritesTheLayoutOfTheOriginal()
    {
        using var value = tensor((float[])[1, -2]);

        SafeTensors.Save(_path, new Dictionary<string, Tensor> { ["a"] = value });

        var file = File.ReadAllBytes(_path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(file, 8, length).TrimEnd());
        Assert.Equal((byte[])[0, 0, 128, 63, 0, 0, 0, 192], file[(8 + length)..]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "4 bytes, where its shape [2] and F32 ask for 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "shape [-1]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "offsets [4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", "ask for")]
    [InlineData("""{"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}}""", "dtype \"X9\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "not that of a safetensors file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "overlap")]
    [InlineData("""[1,2]""", "not that of a safetensors file")]
    [InlineData("""{"a":""", "not that of a safetensors file")]
    public void Load_AHeaderThatLies_SaysWhatIsWrong(string header, string message)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + 8];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        File.WriteAllBytes(_path, file);

        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(_path));

        Assert.Contains(message, error.Message);
        Assert.Contains(_path, error.Message);
    }

    [Fact]
    public void Load_AFileCutOffAnywhere_Throws()
    {
        using var value = arange(10, dtype: ScalarType.Float32);
        SafeTensors.Save(_path, new Dictionary<string, Tensor> { ["a"] = value });
        var file = File.ReadAllBytes(_path);

        for (var length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(_path, file[..length]);
            Assert.Throws<InvalidDataException>(() => SafeTensors.Load(_path));
        }
    }

    [Fact]
    public void Load_SomethingElse_Throws()
    {
        File.WriteAllText(_path, "PK\u0003\u0004 this is a file of another kind");

        Assert.Throws<InvalidDataException>(() => SafeTensors.Load(_path));
    }

    public void Dispose() => File.Delete(_path);
}
