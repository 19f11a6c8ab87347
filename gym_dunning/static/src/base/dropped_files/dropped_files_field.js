import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";
import {registry} from "@web/core/registry";
import {useDropzone} from "@web/core/dropzone/dropzone_hook";
import {useFileUploader} from "@web/core/utils/files";
import {useRef} from "@odoo/owl";

const ROUTE = "/web/binary/upload_attachment";

/** Files to choose by Odoo's own button, or to drop there. */
export class GymDroppedFilesField extends Many2ManyBinaryField {
    static template = "gym_dunning.DroppedFilesField";

    setup() {
        super.setup();
        this.uploadFiles = useFileUploader();
        this.root = useRef("root");
        const isOpen = () => !this.props.readonly;
        useDropzone(this.root, (ev) => this.onDrop(ev), "o_gym_dropzone", isOpen);
    }

    async onDrop(ev) {
        const {resModel, resId} = this.props.record;
        const uploaded = await this.uploadFiles(ROUTE, {
            csrf_token: odoo.csrf_token,
            ufile: [...ev.dataTransfer.files],
            model: resModel,
            id: resId || 0,
        });
        if (uploaded) {
            await this.onFileUploaded(uploaded);
        }
    }
}

registry.category("fields").add("gym_dropped_files", {
    ...many2ManyBinaryField,
    component: GymDroppedFilesField,
});
