using System.Security.Cryptography;

namespace DeepTricks.Data;

/// <summary>The published checksum of a file, in hexadecimal: it tells a damaged or wrong file from the right one.</summary>
/// <remarks>MD5 guards against damage only; where the publisher gives SHA-256, use that.</remarks>
public sealed record FileChecksum
{
    private FileChecksum(HashAlgorithmName algorithm, string hexadecimal)
    {
        Algorithm = algorithm;
        Hexadecimal = hexadecimal.ToLowerInvariant();
    }

    /// <summary>The hash function.</summary>
    public HashAlgorithmName Algorithm { get; }

    /// <summary>The hash in lower-case hexadecimal.</summary>
    public string Hexadecimal { get; }

    /// <summary>A SHA-256 checksum.</summary>
    /// <param name="hexadecimal">64 hexadecimal digits.</param>
    /// <returns>The checksum.</returns>
    /// <exception cref="ArgumentException">These are not 64 hexadecimal digits.</exception>
    public static FileChecksum Sha256(string hexadecimal) => new(HashAlgorithmName.SHA256, Checked(hexadecimal, SHA256.HashSizeInBytes));

    /// <summary>An MD5 checksum, for files whose publisher gives no other.</summary>
    /// <param name="hexadecimal">32 hexadecimal digits.</param>
    /// <returns>The checksum.</returns>
    /// <exception cref="ArgumentException">These are not 32 hexadecimal digits.</exception>
    public static FileChecksum Md5(string hexadecimal) => new(HashAlgorithmName.MD5, Checked(hexadecimal, MD5.HashSizeInBytes));

    /// <summary>The hash of a file with the same function.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The hash in lower-case hexadecimal; it equals <see cref="Hexadecimal"/> where the file is the right one.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string Compute(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(CryptographicOperations.HashData(Algorithm, stream));
    }

    /// <summary>The function and the hash.</summary>
    public override string ToString() => $"{Algorithm.Name} {Hexadecimal}";

    private static string Checked(string hexadecimal, int bytes)
    {
        ArgumentNullException.ThrowIfNull(hexadecimal);
        return hexadecimal.Length == 2 * bytes && hexadecimal.All(char.IsAsciiHexDigit)
            ? hexadecimal
            : throw new ArgumentException($"'{hexadecimal}' came; expected {2 * bytes} hexadecimal digits.", nameof(hexadecimal));
    }
}
