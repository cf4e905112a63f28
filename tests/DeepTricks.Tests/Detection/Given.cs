using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>Inputs of the golden files of detection.</summary>
internal static class Given
{
    /// <summary>The rows of numbers under a key, as a tensor.</summary>
    public static Tensor Rows(GoldenCase one, string key, int columns, ScalarType dtype = ScalarType.Float32) => Rows(one[key], columns, dtype);

    public static Tensor Rows(GoldenCase rows, int columns, ScalarType dtype = ScalarType.Float32)
    {
        double[] numbers = [.. rows.Parts.SelectMany(row => row.Element.EnumerateArray().Select(number => number.GetDouble()))];
        using var exact = tensor(numbers, [numbers.Length / columns, columns], ScalarType.Float64);
        return exact.to(dtype, copy: true);
    }

    public static ScalarType Dtype(GoldenCase one) => GoldenSample.DtypeOf(one.Text("dtype"));
}
