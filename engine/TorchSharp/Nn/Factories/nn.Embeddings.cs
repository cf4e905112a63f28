using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
            new Embedding(Components.Empty(device, dtype, num_embeddings, embedding_dims), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse).Initialized();

        public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
            new(Pretrained(embeddings, freeze, device, dtype), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);

        public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
            new EmbeddingBag(Components.Empty(device, dtype, num_embeddings, embedding_dims), max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index).Initialized();

        public static EmbeddingBag EmbeddingBag_from_pretrained(Tensor embeddings, bool freeze = true, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
            new(Pretrained(embeddings, freeze, device, dtype), max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);

        /// <summary>A parameter over the memory of the embeddings, where they have not to be moved.</summary>
        private static Parameter Pretrained(Tensor embeddings, bool freeze, Device? device, ScalarType? dtype)
        {
            using var values = embeddings.detach();
            return new(values.to(dtype ?? values.dtype, device ?? values.device), !freeze);
        }
    }
}
