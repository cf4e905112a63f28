namespace TorchSharp;

/// <summary>How the elements of a tensor are written.</summary>
public enum TensorStringStyle
{
    /// <summary>Shape, type and device, no elements.</summary>
    Metadata = 0,

    /// <summary>Shape, type and device, then the rows of each matrix without brackets.</summary>
    Julia = 1,

    /// <summary>Nested square brackets.</summary>
    Numpy = 2,

    /// <summary>Shape, type and device, then nested braces.</summary>
    CSharp = 3,

    /// <summary>What <see cref="torch.TensorStringStyle"/> says.</summary>
    Default = 4,
}
