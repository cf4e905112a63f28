namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>Makes a module and loads its parameters and buffers from a file.</summary>
            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);

            public Module save(string location, IList<string>? skip = null) => save(File.Create(location), skip);

            /// <summary>Saves parameters and persistent buffers, and closes the stream.</summary>
            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            /// <summary>Writes the number of tensors, then each one's name and the tensor; those named in <paramref name="skip"/> are left out.</summary>
            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var saved = skip is null ? [.. sd] : sd.Where(entry => !skip.Contains(entry.Key)).ToList();
                writer.WriteCount(saved.Count);
                foreach (var (name, tensor) in saved)
                {
                    writer.Write(name);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(File.OpenRead(location));
                return load(reader, strict, skip, loadedParameters);
            }

            /// <summary>Loads, and closes the stream.</summary>
            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            /// <summary>Loads parameters and buffers by name.</summary>
            /// <param name="reader">What <see cref="save(BinaryWriter, IList{string})"/> wrote.</param>
            /// <param name="strict">Whether as many tensors must have been saved as the module has, and each must have its name here.</param>
            /// <param name="skip">Names to pass over.</param>
            /// <param name="loadedParameters">Takes each saved name, with whether the module has it.</param>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var own = state_dict();
                var count = reader.ReadCount();
                if (strict && count != own.Count) throw new ArgumentException($"{count} tensors were saved, the module has {own.Count}.");
                for (; count > 0; count--)
                {
                    var name = reader.ReadString();
                    var found = own.TryGetValue(name, out var target);
                    if (!found && strict) throw new ArgumentException($"The module has no parameter or buffer '{name}'.");
                    if (found && skip?.Contains(name) != true) target!.Load(reader);
                    else TensorExtensionMethods.Load(reader, skip: true).Dispose();
                    loadedParameters?.Add(name, found);
                }
                return this;
            }
        }
    }
}
