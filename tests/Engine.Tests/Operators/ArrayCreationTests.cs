using System.Numerics;
using System.Reflection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Operators;

/// <summary>Tensors from numbers, arrays, lists and memory: every overload, found by reflection, keeps values, shape and dtype.</summary>
public class ArrayCreationTests
{
    private static readonly Dictionary<Type, ScalarType> Elements = new()
    {
        [typeof(bool)] = ScalarType.Bool,
        [typeof(byte)] = ScalarType.Byte,
        [typeof(sbyte)] = ScalarType.Int8,
        [typeof(short)] = ScalarType.Int16,
        [typeof(int)] = ScalarType.Int32,
        [typeof(long)] = ScalarType.Int64,
        [typeof(Half)] = ScalarType.Float16,
        [typeof(float)] = ScalarType.Float32,
        [typeof(double)] = ScalarType.Float64,
        [typeof((float, float))] = ScalarType.ComplexFloat32,
        [typeof((double, double))] = ScalarType.ComplexFloat64,
        [typeof(Complex)] = ScalarType.ComplexFloat64,
    };

    /// <summary>The members that this test calls.</summary>
    internal static bool Covers(MethodInfo member) =>
        member.Name is "tensor" or "as_tensor" || (member.Name == "op_Implicit" && member.ReturnType == typeof(Tensor));

    public static IEnumerable<object[]> Members =>
        OperatorMembers.All.Where(one => Covers(one.Member)).Select(one => new object[] { OperatorMembers.Describe(one.Member) }).Distinct(new ByText());

    [Theory]
    [MemberData(nameof(Members))]
    public void Tensor_OfNumbersInAnyForm_HoldsThem(string signature)
    {
        foreach (var (_, member) in OperatorMembers.All.Where(one => Covers(one.Member) && OperatorMembers.Describe(one.Member) == signature))
        {
            var parameters = member.GetParameters();
            var type = parameters[0].ParameterType;
            if (type == typeof(Tensor) || type == typeof(Array) || type == typeof(Scalar) || parameters.Length > 1 && parameters[1].Name == "imaginary") continue; // Named in the tests below.
            var listed = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Memory<>) ? type.GenericTypeArguments[0] : Argument.ElementOf(type);
            var element = type.IsArray ? type.GetElementType()! : listed ?? type;
            var sizes = parameters.Skip(1).TakeWhile(one => one.ParameterType == typeof(long)).Count();
            var dimensions = parameters.Any(one => one.Name == "dimensions");
            long[] shape = sizes > 0 ? [2, 3, 2, 1, .. Enumerable.Repeat(1L, sizes)] : dimensions ? [3, 2] : type.IsArray ? [.. new long[] { 3, 2, 2, 2 }.Take(type.GetArrayRank())] : listed is not null ? [3] : [];
            if (sizes > 0) shape = shape[..sizes];
            var count = (int)shape.Aggregate(1L, (a, b) => a * b);

            object given = ArrayOf(element, type.IsArray && type.GetArrayRank() > 1 ? [.. shape.Select(size => (int)size)] : [count]);
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Memory<>)) given = Activator.CreateInstance(type, given)!;
            if (listed is null && !type.IsArray) given = NumberAs(element, 1);
            var arguments = parameters.Select((one, i) => i == 0 ? given
                : one.Name == "dimensions" ? shape
                : one.ParameterType == typeof(long) ? shape[i - 1]
                : one.DefaultValue).ToArray();

            Check(member, arguments, shape, Elements[element]);
            var dtype = Array.FindIndex(parameters, one => one.Name == "dtype");
            if (dtype < 0) continue;
            arguments[dtype] = torch.is_complex(Elements[element]) ? ScalarType.ComplexFloat32 : ScalarType.Float64;
            Check(member, arguments, shape, (ScalarType)arguments[dtype]!);
        }
    }

    [Fact]
    public void Tensor_OfRealAndImaginaryParts_IsComplex()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(new Complex(1, 2), tensor(1d, 2d).item<Complex>());
        Assert.Equal((1f, 2f), tensor(1f, 2f).item<(float, float)>());
        Assert.Equal(2.5, ((Tensor)(Scalar)2.5).ToDouble());
        Assert.Equal(ScalarType.Float64, as_tensor(tensor([1f, 2f]), ScalarType.Float64).dtype);
        Assert.Equal([2, 2], as_tensor((Array)new[,] { { 1, 2 }, { 3, 4 } }).shape);
    }

    [Fact]
    public void FromArrayAndFromBuffer_OfAnArray_KeepItsOrder()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1, 2, 3, 4], from_array(new[,] { { 1, 2 }, { 3, 4 } }).data<int>().ToArray());
        Assert.Equal([2, 1, 2], from_array(new[, ,] { { { 1f, 2f } }, { { 3f, 4f } } }).shape);
        Assert.Equal([1.0, 2.0], from_array(new[] { 1, 2 }, ScalarType.Float64).data<double>().ToArray());
        Assert.Equal([2, 3], frombuffer(new[] { 1, 2, 3, 4 }, ScalarType.Int32, 2, 1).data<int>().ToArray());
    }

    private static void Check(MethodInfo member, object?[] arguments, long[] shape, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var made = (Tensor)OperatorMembers.Invoke(member, null, arguments)!;
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        var values = Enumerable.Range(1, count).SelectMany(i => torch.is_complex(dtype) ? new[] { (double)i, -i } : [arguments[0]!.GetType() is var type && (type == typeof(bool) || HoldsBool(type)) ? i % 2 : i]).ToArray();
        var name = dtype switch { ScalarType.Byte => "uint8", ScalarType.ComplexFloat32 => "complex64", ScalarType.ComplexFloat64 => "complex128", _ => dtype.ToString().ToLowerInvariant() };
        new GoldenSample(OperatorMembers.Describe(member), shape, name, values.Sum(), values.Sum(Math.Abs), [.. Enumerable.Range(0, values.Length).Select(i => (long)i)], values).AssertEqual(made);
    }

    private static bool HoldsBool(Type type) => type.GetElementType() == typeof(bool) || type.GenericTypeArguments.Contains(typeof(bool));

    /// <summary>An array of 1, 2, 3 ... in the order of memory.</summary>
    private static Array ArrayOf(Type element, int[] sizes)
    {
        var array = Array.CreateInstance(element, sizes);
        var index = new int[sizes.Length];
        for (var i = 0; i < array.Length; i++)
        {
            for (int d = sizes.Length - 1, rest = i; d >= 0; d--) (rest, index[d]) = Math.DivRem(rest, sizes[d]);
            array.SetValue(NumberAs(element, i + 1), index);
        }
        return array;
    }

    private static object NumberAs(Type type, int number) =>
        type == typeof(bool) ? number % 2 == 1
        : type == typeof(Half) ? (Half)number
        : type == typeof(Complex) ? new Complex(number, -number)
        : type == typeof((float, float)) ? ((float)number, (float)-number)
        : type == typeof((double, double)) ? ((double)number, (double)-number)
        : Convert.ChangeType(number, type, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class ByText : IEqualityComparer<object[]>
    {
        public bool Equals(object[]? x, object[]? y) => (string)x![0] == (string)y![0];
        public int GetHashCode(object[] row) => row[0].GetHashCode();
    }
}
