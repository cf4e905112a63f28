using static TorchSharp.torch;

namespace DeepTricks.Data;

/// <summary>MNIST's four files: their names, and how two of them become a dataset.</summary>
internal static class MnistFiles
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    private const int ClassCount = 10;

    public static readonly string[] All = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The path of a file in a folder, compressed or not; null where it is not there.</summary>
    public static string? Find(string directory, string name) =>
        new[] { name + ".gz", name }.Select(file => Path.Combine(directory, file)).FirstOrDefault(File.Exists);

    public static bool AreIn(string directory) => All.All(name => Find(directory, name) is not null);

    public static InMemoryDataset Load(string directory, string imagesName, string labelsName) =>
        Load(IdxFile.Read(Found(directory, imagesName)), IdxFile.Read(Found(directory, labelsName)));

    public static InMemoryDataset Load(IdxFile images, IdxFile labels)
    {
        const int size = SyntheticDigits.Size;
        if (images.ElementType != IdxElementType.UInt8 || images.Shape is not [_, size, size])
        {
            throw new InvalidDataException(
                $"{images.Name} holds {Describe(images)}; expected N x {size} x {size} of {IdxElementType.UInt8}.");
        }

        if (labels.ElementType != IdxElementType.UInt8 || labels.Shape is not [_] || labels.Shape[0] != images.Shape[0])
        {
            throw new InvalidDataException(
                $"{labels.Name} holds {Describe(labels)}; expected {images.Shape[0]} of {IdxElementType.UInt8}, one label for each image of {images.Name}.");
        }

        var wrong = labels.Bytes.IndexOfAnyExceptInRange((byte)0, (byte)(ClassCount - 1));
        return wrong < 0
            ? ToDataset(images.Bytes, labels.Bytes)
            : throw new InvalidDataException($"{labels.Name}: label {wrong} is {labels.Bytes[wrong]}; expected 0 to {ClassCount - 1}.");
    }

    /// <summary>Grey values of N x 28 x 28 as float32 from 0 to 1, N x 1 x 28 x 28, with labels as int64.</summary>
    public static InMemoryDataset ToDataset(ReadOnlySpan<byte> images, ReadOnlySpan<byte> labels)
    {
        using var scope = NewDisposeScope();
        var pixels = empty(labels.Length, 1, SyntheticDigits.Size, SyntheticDigits.Size, dtype: ScalarType.Byte);
        images.CopyTo(pixels.bytes);
        var classes = empty(labels.Length, dtype: ScalarType.Byte);
        labels.CopyTo(classes.bytes);
        return new(pixels.to(ScalarType.Float32).div_(255), classes.to(ScalarType.Int64));
    }

    private static string Found(string directory, string name) =>
        Find(directory, name)
        ?? throw new FileNotFoundException($"{directory} has neither {name}.gz nor {name}.", Path.Combine(directory, name + ".gz"));

    private static string Describe(IdxFile file) => $"{IdxHeader.Text(file.Shape)} of {file.ElementType}";
}
